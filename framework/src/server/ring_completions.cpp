// Handles the kernel's reports to a RingReactor.
#include <poll.h>
#include <sys/epoll.h>

#include <cerrno>
#include <utility>

#include "server/ring_reactor.hpp"

namespace h3::server {
namespace {

// Limit for a connection that does not read; then its operation ends and the bytes wait in the socket.
constexpr unsigned kMaxHeldBuffers = 8;

}  // namespace

void RingReactor::enter(bool mayWait) {
  ring_.enter(mayWait);
  const bool sent = ring_.allSubmitted() && !ring_.holdsBack();
  ring_.takeCompletions([this](const io_uring_cqe& completion) { onCompletion(completion); });
  if (sent && sendBufferBytes_ != 0) endSendRound();
}

void RingReactor::endSendRound() {
  ++sendRound_;
  sendBufferBytes_ = 0;
  for (const int number : awaitingSent_)
    if (std::exchange(at(number).awaitsSent, false)) raise(number, EPOLLOUT);
  awaitingSent_.clear();
}

void RingReactor::onCompletion(const io_uring_cqe& completion) {
  const auto operation = static_cast<Operation>(completion.user_data & ((1U << kOperationBits) - 1));
  if (operation == kCancel) return;
  if (operation == kWatchAsio) {
    asioWatched_ = false;
    return;
  }
  const auto number = static_cast<int>(completion.user_data >> kOperationBits);
  Socket& socket = at(number);
  if ((completion.flags & IORING_CQE_F_MORE) == 0)
    socket.underWay &= static_cast<std::uint8_t>(~Socket::bit(operation));
  switch (operation) {
    case kReceive:
      onReceived(number, completion);
      break;
    case kSend:
      onNotSent(number, completion.res);
      break;
    case kWatch:
      onWatched(number, completion.res);
      break;
    default:
      socket.descriptor = -1;
      --closing_;
      break;
  }
  if (socket.pollable == nullptr && socket.underWay == 0) freeNumbers_.push_back(number);
}

void RingReactor::onReceived(int number, const io_uring_cqe& completion) {
  Socket& socket = at(number);
  if ((completion.flags & IORING_CQE_F_BUFFER) != 0) {
    const auto buffer = static_cast<std::uint16_t>(completion.flags >> IORING_CQE_BUFFER_SHIFT);
    if (socket.pollable != nullptr && completion.res > 0) {
      socket.held.append(buffers_, buffer, static_cast<std::size_t>(completion.res));
    } else {
      buffers_.giveBack(buffer);
    }
  }
  if (!socket.has(kReceive)) socket.pausing = false;
  if (completion.res > 0 || completion.res == -ENOBUFS || completion.res == -ECANCELED) {
    raise(number, EPOLLIN);
  } else if (completion.res == 0) {
    socket.ended = true;
    raise(number, EPOLLIN | EPOLLRDHUP);
  } else {
    socket.error = -completion.res;
    raise(number, EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR);
  }
}

void RingReactor::onNotSent(int number, int result) {
  Socket& socket = at(number);
  if (socket.pollable == nullptr) return;
  if (result >= 0 || result == -EAGAIN) {
    socket.awaitsSent = false;  // the watch reports when to continue
    watch(number);              // first, because the next call may close the socket
    socket.pollable->onReturned(socket.sending.substr(result > 0 ? static_cast<std::size_t>(result) : 0));
  } else {
    socket.error = -result;
    raise(number, EPOLLIN | EPOLLHUP | EPOLLERR);
  }
}

void RingReactor::onWatched(int number, int result) {
  Socket& socket = at(number);
  if (socket.pollable == nullptr || result < 0) return;
  if ((result & (POLLHUP | POLLERR)) != 0) socket.left = true;
  if (socket.left) raise(number, EPOLLHUP);
  if ((result & POLLOUT) != 0) raise(number, EPOLLOUT);
  if ((result & POLLRDHUP) != 0) raise(number, EPOLLRDHUP);  // makes the connection read until 0
  if (!socket.left) watch(number);  // again, if the kernel has ended it because a completion did not fit
}

void RingReactor::raise(int number, std::uint32_t events) {
  Socket& socket = at(number);
  if (socket.pollable == nullptr) return;
  socket.events |= events;
  if (std::exchange(socket.queued, true)) return;
  ready_.push_back(number);
}

void RingReactor::wakeReady() {
  for (const int number : ready_) {
    Socket& socket = at(number);
    const std::uint32_t events = std::exchange(socket.events, 0U);
    if (socket.pollable != nullptr) socket.pollable->onReady(events);
  }
}

void RingReactor::settleReady() {
  while (!ready_.empty()) {
    const int number = ready_.back();
    ready_.pop_back();
    at(number).queued = false;
    settle(number);
  }
}

// After its turn: a connection that does not read must not hold buffers that others need, and one that no
// longer receives must still learn that its client has left.
void RingReactor::settle(int number) {
  Socket& socket = at(number);
  if (socket.pollable == nullptr) return;
  if (socket.held.buffers() > kMaxHeldBuffers && socket.has(kReceive) && !std::exchange(socket.pausing, true))
    cancel(number, kReceive);
  if (!socket.has(kReceive) && !socket.left) watch(number);
}

}  // namespace h3::server
