#include "replay/client_socket.hpp"

#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>

#include "replay/loopback.hpp"

namespace leakgate {
namespace {

// Before connecting: the kernel sizes the server's send buffer by the segments that the client takes. With
// these two options loopback buffers some 40 KB of an unread response, without them 4 MB.
void makeWindowSmall(int socket) {
  const int receiveBytes = 2048;
  const int segmentBytes = 536;
  ::setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &receiveBytes, sizeof receiveBytes);
  ::setsockopt(socket, IPPROTO_TCP, TCP_MAXSEG, &segmentBytes, sizeof segmentBytes);
}

constexpr std::uint32_t kReadable = EPOLLIN;
constexpr std::uint32_t kWritable = EPOLLOUT;

}  // namespace

ClientSocket::Connect ClientSocket::connect(std::uint16_t port, bool smallWindow, void* owner) {
  socket_.reset(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket_) return Connect::failed;
  if (smallWindow) makeWindowSmall(get());
  const int on = 1;
  ::setsockopt(get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const sockaddr_in address = loopbackAddress(port);
  const bool made = ::connect(get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  if (!made && errno == EADDRNOTAVAIL) {
    close();
    return Connect::noPort;
  }
  if (!made && errno != EINPROGRESS) return Connect::failed;
  owner_ = owner;
  watched_ = kReadable | (made ? 0U : kWritable);
  epoll_event event{};
  event.events = watched_;
  event.data.ptr = owner_;
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, get(), &event) != 0) return Connect::failed;
  return made ? Connect::made : Connect::underWay;
}

int ClientSocket::connectError() const {
  int error = 0;
  socklen_t length = sizeof error;
  ::getsockopt(get(), SOL_SOCKET, SO_ERROR, &error, &length);
  return error;
}

bool ClientSocket::isWritable() const {
  pollfd watched{get(), POLLOUT, 0};
  return ::poll(&watched, 1, 0) == 1;
}

void ClientSocket::watch(bool readable, bool writable) {
  const std::uint32_t wanted = (readable ? kReadable : 0U) | (writable ? kWritable : 0U);
  if (watched_ == wanted) return;
  watched_ = wanted;
  epoll_event event{};
  event.events = wanted;
  event.data.ptr = owner_;
  ::epoll_ctl(epoll_, EPOLL_CTL_MOD, get(), &event);
}

void ClientSocket::abortAtClose() {
  const linger abortive{1, 0};
  ::setsockopt(get(), SOL_SOCKET, SO_LINGER, &abortive, sizeof abortive);
}

}  // namespace leakgate
