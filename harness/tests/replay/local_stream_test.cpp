#include "replay/local_stream.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cstring>
#include <thread>

#include "replay/descriptor.hpp"
#include "replay/temporary_directory.hpp"

using namespace leakgate;

namespace {

constexpr std::chrono::milliseconds kLong{10'000};

Descriptor listenAt(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strcpy(address.sun_path, path.c_str());
  Descriptor listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  REQUIRE(::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(::listen(listener.get(), 4) == 0);
  return listener;
}

void sendAll(int peer, std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = ::send(peer, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
}

}  // namespace

TEST_CASE("a reply is what comes until the peer closes") {
  const TemporaryDirectory folder;
  const auto path = folder.path() / "socket";
  const Descriptor listener = listenAt(path);
  std::string asked;
  std::jthread server([&] {
    const Descriptor peer(::accept(listener.get(), nullptr, nullptr));
    std::array<char, 16> request{};
    asked.assign(request.data(),
                 static_cast<std::size_t>(::recv(peer.get(), request.data(), request.size(), 0)));
    sendAll(peer.get(), "one");
    sendAll(peer.get(), std::string(300'000, 'x'));
  });
  const auto reply = askLocalSocket(path, "size?", kLong);
  server.join();
  REQUIRE(reply);
  CHECK(reply->size() == 300'003);
  CHECK(reply->starts_with("onex"));
  CHECK(asked == "size?");
}

TEST_CASE("a peer without a request may have closed before it is read") {
  const TemporaryDirectory folder;
  const auto path = folder.path() / "socket";
  const Descriptor listener = listenAt(path);
  for (int i = 0; i < 200; ++i) {
    std::jthread server([&] {
      const Descriptor peer(::accept(listener.get(), nullptr, nullptr));
      sendAll(peer.get(), "reply");
    });
    CHECK(askLocalSocket(path, "", kLong) == "reply");
  }
}

TEST_CASE("nothing without a listener, in time, or of a sensible size") {
  const TemporaryDirectory folder;
  const auto path = folder.path() / "socket";
  CHECK_FALSE(askLocalSocket(path, "", kLong));
  CHECK_FALSE(askLocalSocket(folder.path() / std::string(200, 'n'), "", kLong));
  const Descriptor listener = listenAt(path);
  CHECK_FALSE(askLocalSocket(path, "", std::chrono::milliseconds(20)));  // connected, never accepted
}
