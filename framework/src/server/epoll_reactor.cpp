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

constexpr int kEventsPerRound = 128;
constexpr unsigned kTurnsPerTrial = 32;  // of asking again although it did not pay last time

[[noreturn]] void throwErrno(const char* what) {
  throw boost::system::system_error(errno, boost::system::system_category(), what);
}

int makeSet() {
  const int set = ::epoll_create1(EPOLL_CLOEXEC);
  if (set < 0) throwErrno("epoll_create1");
  return set;
}

}  // namespace

EpollReactor::EpollReactor(boost::asio::io_context& context, HandlerSlot& slot, BatchOwner& owner)
    : owner_(owner), turns_(context, slot, *this), set_(makeSet()) {}

EpollReactor::~EpollReactor() {
  turns_.stop();
  ::close(set_);
}

int EpollReactor::add(int descriptor, Pollable& pollable) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = &pollable;
  if (::epoll_ctl(set_, EPOLL_CTL_ADD, descriptor, &event) != 0) throwErrno("epoll_ctl");
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

// The set is watched by edges: Asio wakes us for what arrives after a round which left room, and for nothing
// else.
bool EpollReactor::takeTurn() {
  std::array<epoll_event, kEventsPerRound> events;
  bool full = false;
  if (++turnsTaken_ % kTurnsPerTrial == 0) askAgain_ = true;
  std::uint64_t sinceNs = 0;
  std::uint64_t nowNs = 0;
  for (int round = 0; nowNs - sinceNs < kTurnNs; ++round) {
    const int count = readyEvents(set_, events.data(), kEventsPerRound);
    if (round > 0) askAgain_ = count > 0;
    if (count <= 0 && !workLeft_) return false;
    nowNs = owner_.beginBatch();
    if (round == 0) sinceNs = nowNs;
    for (int i = 0; i < count; ++i) static_cast<Pollable*>(events[i].data.ptr)->onReady(events[i].events);
    workLeft_ = owner_.endBatch();
    full = count == kEventsPerRound;
    // A client in lock-step is never ready again at once, and asking in vain costs a system call. Under load
    // it saves Asio's turn: so a single event asks again where that paid last time.
    if (count <= 1 && !workLeft_ && !askAgain_) return false;
  }
  return workLeft_ || full;
}

}  // namespace h3::server
