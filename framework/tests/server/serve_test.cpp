// run() in a process of its own, as main() calls it.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <iostream>
#include <string>

#include "h3http/health.hpp"
#include "h3http/load_config.hpp"
#include "support/served_app.hpp"

using h3::test::onTestedReactor;
using h3::test::RawClient;
using h3::test::requestText;

namespace {

// A child that runs a function of the test, with what it writes to standard error.
class Child {
 public:
  template <class F>
  explicit Child(F call) {
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    std::cout.flush();  // or the child may write it, too
    std::fflush(nullptr);
    process_ = ::fork();
    if (process_ == 0) {
      ::dup2(ends[1], STDERR_FILENO);
      ::dup2(ends[1], STDOUT_FILENO);
      ::close(ends[0]);
      ::close(ends[1]);
      ::_exit(call());
    }
    ::close(ends[1]);
    output_ = ends[0];
  }
  ~Child() {
    if (process_ > 0) {
      ::kill(process_, SIGKILL);
      (void)wait();
    }
    ::close(output_);
  }

  // Everything up to the end of a line with the text; all of the rest when it never comes.
  std::string readUntil(const std::string& text) {
    while (said_.find('\n', said_.find(text)) == std::string::npos && readMore()) continue;
    return said_;
  }
  std::string readAll() {
    while (readMore()) continue;
    return said_;
  }
  void send(int number) const { ::kill(process_, number); }
  // The exit code; -1 when a signal ended it.
  int wait() {
    int status = 0;
    ::waitpid(process_, &status, 0);
    process_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  bool readMore() {
    char bytes[4096];
    const ssize_t got = ::read(output_, bytes, sizeof bytes);
    if (got > 0) said_.append(bytes, static_cast<std::size_t>(got));
    return got > 0;
  }

  pid_t process_ = -1;
  int output_ = -1;
  std::string said_;
};

std::uint16_t portIn(const std::string& said) {
  const std::size_t colon = said.find(':', said.find("listening on "));
  return static_cast<std::uint16_t>(std::stoul(said.substr(colon + 1)));
}

int runHello(h3::Config config) {
  h3::App app;
  app.get("/", [](h3::Event&) { return "hello"; });
  h3::healthEndpoints(app);
  app.onStop([] { (void)!::write(STDERR_FILENO, "stopped\n", 8); });
  app.onHangup([] { (void)!::write(STDERR_FILENO, "hung up\n", 8); });
  return h3::run(app, onTestedReactor(config));
}

}  // namespace

TEST_CASE("SIGTERM: not ready first, then the drain, the stop hooks and 0; SIGHUP in between") {
  Child child([] {
    h3::Config config = h3::Config::testing();
    config.timeouts.unreadyMs = 300;
    return runHello(config);
  });
  const std::uint16_t port = portIn(child.readUntil("listening on "));
  CHECK(RawClient(port).request(requestText("GET", "/readyz")).status == 200);
  child.send(SIGHUP);
  CHECK(child.readUntil("hung up").find("hung up\n") != std::string::npos);
  RawClient kept(port);
  CHECK(kept.request(requestText("GET", "/")).body == "hello");
  child.send(SIGTERM);
  while (RawClient(port).request(requestText("GET", "/readyz")).status == 200) continue;
  CHECK(kept.request(requestText("GET", "/")).body == "hello");
  CHECK(child.readAll().find("stopped\n") != std::string::npos);
  CHECK(child.wait() == 0);
}

TEST_CASE("a busy port is a message with the fix, and 2") {
  const int taken = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t bytes = sizeof address;
  REQUIRE(::bind(taken, reinterpret_cast<const sockaddr*>(&address), bytes) == 0);
  REQUIRE(::listen(taken, 1) == 0);
  REQUIRE(::getsockname(taken, reinterpret_cast<sockaddr*>(&address), &bytes) == 0);
  const std::uint16_t port = ntohs(address.sin_port);
  Child child([port] {
    h3::Config config = h3::Config::testing();
    config.port = port;
    return runHello(config);
  });
  const std::string said = child.readAll();
  CAPTURE(said);
  CHECK(said.find("cannot listen on 127.0.0.1:" + std::to_string(port) + ": Address already in use") !=
        std::string::npos);
  CHECK(said.find("ss -ltnp") != std::string::npos);
  CHECK(child.wait() == 2);
  ::close(taken);
}

TEST_CASE("a wrong configuration is a message, and 2") {
  Child child([] {
    h3::App app;
    const char* const arguments[] = {"program", "--port", "many", "--thread=2"};
    h3::LoadOptions options;
    options.environmentPrefix = "";  // CTest sets H3_TEST_REACTOR
    return h3::run(app, 4, arguments, options);
  });
  CHECK(child.readAll() ==
        "configuration: 2 problems\n  option --thread: unknown; did you mean --threads?\n"
        "  option --port: port: found \"many\", expected a whole number\n");
  CHECK(child.wait() == 2);
}

TEST_CASE("a start hook that fails is a message, and 2") {
  Child child([] {
    h3::App app;
    app.onStart([] { throw std::runtime_error("no database at /nowhere"); });
    return h3::run(app, onTestedReactor(h3::Config::testing()));
  });
  CHECK(child.readAll().find("no database at /nowhere\n") != std::string::npos);
  CHECK(child.wait() == 2);
}
