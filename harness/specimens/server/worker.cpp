#include "worker.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>

namespace specimen {
namespace {

constexpr std::size_t kInputBytes =
    kHeadBytesMax + 4 + kBodyBytesMax;  // the largest request that is accepted
constexpr std::size_t kOutputBytes = 64 * 1024;
constexpr std::size_t kResponseBytesMax =
    kHeadBytesMax + 256;  // a handler responds with a piece of the head at most
constexpr std::uint32_t kStopKey = Worker::kConnectionsMax;
constexpr std::uint32_t kListenerKey = kStopKey + 1;

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

Descriptor listenOn(std::uint16_t port) {
  Descriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!listener.open()) fail("socket");
  const int on = 1;
  ::setsockopt(listener.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  ::setsockopt(listener.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) fail("bind");
  if (::listen(listener.get(), SOMAXCONN) != 0) fail("listen");
  return listener;
}

const char* reason(int status) noexcept {
  switch (status) {
    case 200:
      return "OK";
    case 404:
      return "Not Found";
    case 413:
      return "Content Too Large";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    default:
      return "Bad Request";
  }
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  close();
  fd_ = other.release();
  return *this;
}

void Descriptor::close() noexcept {
  if (open()) ::close(release());
}

Worker::Worker(std::uint16_t port, int stopFd, Handler handler)
    : handler_(std::move(handler)), listener_(listenOn(port)), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (!epoll_.open()) fail("epoll_create1");
  for (auto& connection : connections_) {
    connection.input = std::make_unique_for_overwrite<char[]>(kInputBytes);  // not touched before it is used
  }
  output_.reserve(kOutputBytes);
  watch(listener_.get(), kListenerKey);
  watch(stopFd, kStopKey);
}

void Worker::watch(int fd, std::uint32_t key) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u32 = key;
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) fail("epoll_ctl");
}

void Worker::run() {
  std::array<epoll_event, 32> events;
  for (;;) {
    const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), -1);
    if (count < 0 && errno != EINTR) fail("epoll_wait");
    for (int i = 0; i < count; ++i) {
      const std::uint32_t key = events[static_cast<std::size_t>(i)].data.u32;
      if (key == kStopKey) return;
      if (key == kListenerKey) {
        accept();
      } else {
        receive(connections_[key]);
      }
    }
  }
}

void Worker::accept() {
  Descriptor socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!socket.open()) return;
  const int on = 1;
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  for (std::uint32_t key = 0; key < kConnectionsMax; ++key) {
    if (connections_[key].socket.open()) continue;
    watch(socket.get(), key);
    connections_[key].socket = std::move(socket);
    connections_[key].filled = 0;
    return;
  }
}

void Worker::receive(Connection& connection) {
  if (!connection.socket.open()) return;  // closed earlier in the same batch of events
  const auto received = ::recv(connection.socket.get(), connection.input.get() + connection.filled,
                               kInputBytes - connection.filled, MSG_DONTWAIT);
  if (received < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (received <= 0) {
    connection.socket.close();
    return;
  }
  connection.filled += static_cast<std::size_t>(received);
  const bool keep = respondToAll(connection);
  if (!sendOutput(connection.socket.get()) || !keep) connection.socket.close();
}

bool Worker::respondToAll(Connection& connection) {
  std::size_t used = 0;
  bool keep = true;
  while (keep) {
    const ReadResult read = readRequest({connection.input.get() + used, connection.filled - used});
    if (read.status == 0 && read.bytes == 0) break;
    keep = read.status == 0 && read.request.keepAlive;
    const bool health = read.status == 0 && read.request.path == "/health";
    appendResponse(read.status != 0 ? Response{read.status, ""}
                   : health         ? Response{}
                                    : handler_(read.request),
                   keep);
    used += read.bytes;
    if (output_.size() + kResponseBytesMax > kOutputBytes && !sendOutput(connection.socket.get()))
      return false;
  }
  connection.filled -= used;
  std::memmove(connection.input.get(), connection.input.get() + used, connection.filled);
  return keep;
}

void Worker::appendResponse(const Response& response, bool keepAlive) {
  char head[160];
  const int length = std::snprintf(
      head, sizeof head, "HTTP/1.1 %d %s\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\n%s\r\n",
      response.status, reason(response.status), response.body.size(),
      keepAlive ? "" : "Connection: close\r\n");
  output_.append(head, static_cast<std::size_t>(length)).append(response.body);
}

bool Worker::sendOutput(int fd) {
  std::string_view rest = output_;
  while (!rest.empty()) {
    const auto sent = ::send(fd, rest.data(), rest.size(), MSG_NOSIGNAL);  // blocks: responses are small
    if (sent < 0 && errno != EINTR) break;
    if (sent > 0) rest.remove_prefix(static_cast<std::size_t>(sent));
  }
  output_.clear();
  return rest.empty();
}

}  // namespace specimen
