// The same protocol over a unix socket.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/system/system_error.hpp>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "conformance_app.hpp"

using namespace h3;
using namespace h3::test;

namespace {

/// A temporary folder, removed with the socket's file.
class SocketPath {
 public:
  SocketPath() {
    char folder[] = "/tmp/h3-server-test-XXXXXX";
    folder_ = ::mkdtemp(folder);
  }
  ~SocketPath() {
    ::unlink(path().c_str());
    ::rmdir(folder_.c_str());
  }
  std::string path() const { return folder_ + "/socket"; }
  bool exists() const { return ::access(path().c_str(), F_OK) == 0; }

 private:
  std::string folder_;
};

Config onlyUnix(const SocketPath& socket) {
  Config config = Config::testing();
  config.address = "";
  config.unixPath = socket.path();
  return config;
}

}  // namespace

TEST_CASE("alone, on two threads: requests, refusals, drain, and the file is gone") {
  const SocketPath socket;
  ConformanceApp served;
  {
    Config config = onlyUnix(socket);
    config.threads = 2;
    ServedApp server(served.app, config);
    CHECK(server.port() == 0);
    for (int i = 0; i < 20; ++i) {
      RawClient client(socket.path());
      CHECK(client.request(requestText("GET", "/address")).body == "unix");
      CHECK(client.request(requestText("GET", "/large")).body.size() == ConformanceApp::kLargeBytes);
      client.send("GET  / HTTP/1.1\r\n" + kSmuggled);
      const auto responses = receiveResponses(client);
      REQUIRE(responses.size() == 1);
      CHECK(isRefusal(responses[0], 400));
    }
    server.server().drain();
    CHECK(server.server().join());
  }
  CHECK(!socket.exists());
  CHECK(served.smuggled == 0);
}

TEST_CASE("permissions and owner of the socket's file") {
  const SocketPath socket;
  ConformanceApp served;
  Config config = onlyUnix(socket);
  const auto modeOf = [&] {
    struct stat status {};
    REQUIRE(::stat(socket.path().c_str(), &status) == 0);
    return status.st_mode & 0777U;
  };
  for (const std::uint32_t mode : {0600U, 0666U}) {
    config.unixMode = mode;
    const ServedApp server(served.app, config);
    CHECK(modeOf() == mode);
    CHECK(RawClient(socket.path()).request(requestText("GET", "/address")).body == "unix");
  }
  if (const group* const own = ::getgrgid(::getegid())) {
    config.unixGroup = own->gr_name;
    CHECK_NOTHROW(ServedApp(served.app, config));
  }
  config.unixUser = "no-such-user";
  try {
    const ServedApp server(served.app, config);
    FAIL("no error");
  } catch (const boost::system::system_error& failure) {
    CHECK(std::string(failure.what()).find(socket.path() + ": no user \"no-such-user\"") == 0);
  }
  CHECK(!socket.exists());
}

TEST_CASE("beside TCP") {
  const SocketPath socket;
  ConformanceApp served;
  Config config = onlyUnix(socket);
  config.address = "127.0.0.1";
  ServedApp server(served.app, config);
  CHECK(RawClient(socket.path()).request(requestText("GET", "/address")).body == "unix");
  CHECK(server.get("/address").body == "127.0.0.1");
}

TEST_CASE("a file that a killed server left is replaced, a live one is an error, and so is another file") {
  const SocketPath socket;
  ConformanceApp served;
  const int stale = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  socket.path().copy(address.sun_path, sizeof address.sun_path - 1);
  REQUIRE(::bind(stale, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  ::close(stale);
  {
    ServedApp server(served.app, onlyUnix(socket));
    CHECK(RawClient(socket.path()).request(requestText("GET", "/")).body == "hello");
    CHECK_THROWS_AS(ServedApp(served.app, onlyUnix(socket)), boost::system::system_error);
    CHECK(RawClient(socket.path()).request(requestText("GET", "/")).body == "hello");
  }
  CHECK(!socket.exists());
  ::close(::open(socket.path().c_str(), O_CREAT | O_WRONLY, 0600));
  CHECK_THROWS_AS(ServedApp(served.app, onlyUnix(socket)), boost::system::system_error);
  CHECK(socket.exists());
}
