#include "replay/local_stream.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "replay/descriptor.hpp"

namespace leakgate {
namespace {

using Clock = std::chrono::steady_clock;

bool connectTo(int socket, const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = path.string();
  if (name.size() >= sizeof address.sun_path) return false;
  std::memcpy(address.sun_path, name.c_str(), name.size() + 1);
  return ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

bool waitReadable(int socket, Clock::time_point deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
  pollfd wanted{socket, POLLIN, 0};
  return left > 0 && ::poll(&wanted, 1, static_cast<int>(left)) == 1;
}

bool readAll(int socket, Clock::time_point deadline, std::string& text) {
  std::array<char, 65536> part{};
  while (waitReadable(socket, deadline)) {
    const ssize_t got = ::recv(socket, part.data(), part.size(), 0);
    if (got <= 0) return got == 0;
    text.append(part.data(), static_cast<std::size_t>(got));
    if (text.size() > kMaxLocalReplyBytes) return false;
  }
  return false;
}

}  // namespace

std::optional<std::string> askLocalSocket(const std::filesystem::path& path, std::string_view request,
                                          std::chrono::milliseconds timeout) {
  const Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (socket.get() < 0 || !connectTo(socket.get(), path)) return std::nullopt;
  // With an empty request the peer may have sent its reply and closed by now.
  if (!request.empty() && ::send(socket.get(), request.data(), request.size(), MSG_NOSIGNAL) !=
                              static_cast<ssize_t>(request.size())) {
    return std::nullopt;
  }
  std::string text;
  if (!readAll(socket.get(), Clock::now() + timeout, text)) return std::nullopt;
  return text;
}

}  // namespace leakgate
