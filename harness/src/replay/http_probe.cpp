#include "replay/http_probe.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "replay/descriptor.hpp"
#include "replay/loopback.hpp"
#include "replay/measure_error.hpp"
#include "replay/response_reader.hpp"

namespace leakgate {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kMaxBodyBytes = 16U << 20;
constexpr std::uint16_t kFirstOfFiveDigits = 10'000;
// Where the system offers ports from 1,024 on, one of seven has four digits.
constexpr std::size_t kMaxRefusedPorts = 64;

// Waits until the socket is ready for `events`; false after the deadline.
bool waitFor(int socket, short events, Clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
  pollfd entry{socket, events, 0};
  return ::poll(&entry, 1, static_cast<int>(std::clamp<long long>(left, 0, 60'000))) > 0;
}

// Returns an empty text, or the problem.
std::string connectTo(std::uint16_t port, Clock::time_point deadline, Descriptor& socket) {
  socket.reset(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const sockaddr_in address = loopbackAddress(port);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return "";
  if (errno != EINPROGRESS) return std::strerror(errno);
  if (!waitFor(socket.get(), POLLOUT, deadline)) return "no connection in time";
  int error = 0;
  socklen_t length = sizeof error;
  ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &length);
  return error == 0 ? "" : std::strerror(error);
}

std::string readResponse(int socket, Clock::time_point deadline, ResponseReader& reader) {
  char buffer[16U << 10];
  while (!reader.done() && !reader.failed()) {
    if (!waitFor(socket, POLLIN, deadline)) return "no response in time";
    const ssize_t got = ::recv(socket, buffer, sizeof buffer, 0);
    if (got > 0) {
      reader.feed({buffer, static_cast<std::size_t>(got)});
    } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
      reader.endOfStream();
    }
  }
  return reader.failed() ? reader.error() : "";
}

}  // namespace

ProbeResponse httpGet(std::uint16_t port, const std::string& path, std::chrono::milliseconds timeout) {
  const auto deadline = Clock::now() + timeout;
  ProbeResponse response;
  Descriptor socket;
  response.problem = connectTo(port, deadline, socket);
  if (!response.problem.empty()) return response;
  const std::string request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
                              "\r\nConnection: close\r\n\r\n";
  // A request of this size fits into a fresh socket's buffer.
  if (::send(socket.get(), request.data(), request.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(request.size())) {
    response.problem = std::strerror(errno);
    return response;
  }
  ResponseReader reader;
  reader.begin(false, kMaxBodyBytes);
  response.problem = readResponse(socket.get(), deadline, reader);
  if (!response.problem.empty()) return response;
  response.status = reader.status();
  response.body = reader.body();
  response.contentType = reader.contentType();
  return response;
}

bool acceptsConnections(std::uint16_t port, std::chrono::milliseconds timeout) {
  Descriptor socket;
  return connectTo(port, Clock::now() + timeout, socket).empty();
}

bool speaksTls(std::uint16_t port, std::chrono::milliseconds timeout) {
  // RFC 5246: a record of a ClientHello with one old cipher. A TLS server responds with a ServerHello or an
  // alert: a TLS record in either case.
  constexpr std::array<unsigned char, 52>
      kClientHello{0x16, 0x03, 0x01, 0x00, 47,  // handshake, length of the record
                   0x01, 0x00, 0x00, 43,        // ClientHello, length
                   0x03, 0x03,                  // TLS 1.2; 32 bytes of random and no session follow
                   0x6c, 0x65, 0x61, 0x6b, 0x67, 0x61, 0x74, 0x65, 0,    0,    0,    0, 0, 0,
                   0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0, 0, 0,
                   0,    0,    0,    0,    0x00, 0x00, 0x04, 0x00, 0x2f, 0x00, 0xff,  // two ciphers
                   0x01, 0x00};                                                       // no compression
  const auto deadline = Clock::now() + timeout;
  Descriptor socket;
  if (!connectTo(port, deadline, socket).empty()) return false;
  if (::send(socket.get(), kClientHello.data(), kClientHello.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(kClientHello.size()))
    return false;
  std::array<unsigned char, 2> start{};
  if (!waitFor(socket.get(), POLLIN, deadline) ||
      ::recv(socket.get(), start.data(), start.size(), 0) != static_cast<ssize_t>(start.size()))
    return false;
  return (start[0] == 0x15 || start[0] == 0x16) && start[1] == 0x03;
}

std::uint16_t freePort() {
  std::vector<Descriptor> refused;  // held, so that the kernel offers others
  for (;;) {
    Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address = loopbackAddress(0);
    socklen_t length = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket.get(), generic, length) != 0 || ::getsockname(socket.get(), generic, &length) != 0) {
      throw MeasureError(std::string("no free port on 127.0.0.1: ") + std::strerror(errno));
    }
    const std::uint16_t port = ntohs(address.sin_port);
    if (port >= kFirstOfFiveDigits || refused.size() == kMaxRefusedPorts) return port;
    refused.push_back(std::move(socket));
  }
}

}  // namespace leakgate
