#include "server/epoll_reactor.hpp"

#include <linux/sockios.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/system/system_error.hpp>
#include <cerrno>

#include "server/system_calls.hpp"

namespace h3::server {
namespace {

constexpr int kEventsPerTurn = 128;
constexpr int kForever = -1;

[[noreturn]] void throwErrno(const char* what) {
  throw boost::system::system_error(errno, boost::system::system_category(), what);
}

int makeSet() {
  const int set = ::epoll_create1(EPOLL_CLOEXEC);
  if (set < 0) throwErrno("epoll_create1");
  return set;
}

}  // namespace

EpollReactor::EpollReactor(SharedWait& wait, BatchListener& owner)
    : wait_(wait), owner_(owner), set_(makeSet()) {
  try {
    watch(wait.descriptor(), EPOLLIN, nullptr);  // level-triggered: Asio may leave events unread
  } catch (...) {
    ::close(set_);
    throw;
  }
}

EpollReactor::~EpollReactor() { ::close(set_); }

void EpollReactor::watch(int descriptor, std::uint32_t events, Pollable* pollable) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = pollable;
  if (::epoll_ctl(set_, EPOLL_CTL_ADD, descriptor, &event) != 0) throwErrno("epoll_ctl");
}

int EpollReactor::add(int descriptor, Pollable& pollable) {
  watch(descriptor, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, &pollable);
  return descriptor;
}

void EpollReactor::receive(std::span<Receive> wanted) noexcept {
  for (Receive& each : wanted) each.result = receiveBytes(each.socket, each.into, each.room);
}

void EpollReactor::send(std::span<Send> offered) noexcept {
  for (Send& each : offered) each.result = sendBytes(each.socket, each.from, each.size);
}

void EpollReactor::shutdownSend(int socket) { ::shutdown(socket, SHUT_WR); }

int EpollReactor::unacknowledgedBytes(int socket) {
  int bytes = 0;
  return ::ioctl(socket, SIOCOUTQ, &bytes) == 0 ? bytes : -1;
}

void EpollReactor::close(int socket) { ::close(socket); }

bool EpollReactor::takeTurn(bool mayWait) {
  std::array<epoll_event, kEventsPerTurn> events;
  const bool workLeft = owner_.hasWork();
  const int timeout = mayWait && !workLeft ? kForever : 0;
  const int count = waitForEvents(set_, events.data(), kEventsPerTurn, timeout);
  if (count <= 0 && !workLeft) return false;
  bool asioReady = false;
  owner_.beginBatch();
  for (int i = 0; i < count; ++i) {
    auto* const pollable = static_cast<Pollable*>(events[i].data.ptr);
    if (pollable == nullptr) [[unlikely]] {
      asioReady = true;
      continue;
    }
    pollable->onReady(events[i].events);
  }
  owner_.endBatch();
  return asioReady;
}

}  // namespace h3::server
