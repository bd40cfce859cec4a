#include "server/ring_reactor.hpp"

#include <fcntl.h>
#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/system/system_error.hpp>
#include <cassert>
#include <cerrno>
#include <exception>
#include <utility>

#include "http/short_text.hpp"

namespace h3::server {
namespace {

constexpr int kStopRounds = 64;
// A socket keeps its number until the ring has closed it, so there are a few more sockets than connections.
constexpr std::size_t kSocketsAtStart = 64;
constexpr std::size_t kSendBufferBytes = 128 * 1024;
constexpr int kSendFlags = MSG_NOSIGNAL | MSG_DONTWAIT;
// Without it a partial send would count as success, and have no completion.
constexpr int kSendAllFlags = kSendFlags | MSG_WAITALL;

// Returns the result of `call`. If the kernel accepted no entry, an error that closes the connection: bytes
// may be lost.
template <class Call>
ssize_t orError(Call call) noexcept {
  try {
    return call();
  } catch (const std::exception&) {
    return -EIO;
  }
}

}  // namespace

RingReactor::RingReactor(SharedWait& wait, BatchListener& owner)
    : wait_(wait), owner_(owner), sendBuffer_(std::make_unique<char[]>(kSendBufferBytes)) {
  buffers_.provideTo(ring_.native());
  sockets_.reserve(kSocketsAtStart);
}

RingReactor::~RingReactor() {
  for (const Socket& socket : sockets_)
    if (socket.descriptor >= 0) ::close(socket.descriptor);
}

void RingReactor::start() {
  ring_.enable();
  started_ = true;
  wait_.start(*this);
}

void RingReactor::stop() {
  wait_.stop();
  for (int i = 0; i < kStopRounds && (closing_ != 0 || hasWork()); ++i) enter(false);
  started_ = false;
}

void RingReactor::collect() noexcept {
  try {
    enter(false);
  } catch (const std::exception&) {
    // The next turn reports the error.
  }
}

// --- operations of a connection

int RingReactor::add(int descriptor, Pollable& pollable) {
  // Operations wait on a blocking socket, but end with EAGAIN on a non-blocking one.
  if (::fcntl(descriptor, F_SETFL, 0) != 0)
    throw boost::system::system_error(errno, boost::system::system_category(), "fcntl");
  const int number = takeNumber();
  assert(at(number).held.buffers() == 0);  // otherwise the ring would lose them
  at(number) = Socket{};
  at(number).descriptor = descriptor;
  try {
    beginReceive(number);
  } catch (...) {
    at(number).descriptor = -1;
    freeNumbers_.push_back(number);
    throw;
  }
  at(number).pollable = &pollable;
  return number;
}

int RingReactor::takeNumber() {
  if (freeNumbers_.empty()) {
    sockets_.emplace_back();
    // Room for all to be free, or ready, at the same time: later steps must not fail.
    for (auto* list : {&freeNumbers_, &ready_, &awaitingSent_}) list->reserve(sockets_.capacity());
    return static_cast<int>(sockets_.size() - 1);
  }
  const int number = freeNumbers_.back();
  freeNumbers_.pop_back();
  return number;
}

void RingReactor::receive(std::span<Receive> wanted) noexcept {
  for (Receive& each : wanted) each.result = orError([&] { return receiveSome(each); });
}

ssize_t RingReactor::receiveSome(const Receive& wanted) {
  Socket& socket = at(wanted.socket);
  const std::size_t moved = socket.held.moveTo(wanted.into, wanted.room, buffers_);
  if (moved == wanted.room) return static_cast<ssize_t>(moved);
  if (socket.error == 0 && !socket.ended && !socket.has(kReceive)) {
    const ssize_t more = receiveDirectly(wanted.socket, wanted.into + moved, wanted.room - moved);
    if (more > 0) return static_cast<ssize_t>(moved) + more;
  }
  if (moved != 0) return static_cast<ssize_t>(moved);
  if (socket.error != 0) return -socket.error;
  return socket.ended ? 0 : -EAGAIN;
}

// Without buffers the ring only reports that there is input. Returns to buffers when the socket is empty.
ssize_t RingReactor::receiveDirectly(int number, char* into, std::size_t room) {
  Socket& socket = at(number);
  ssize_t got = 0;
  do got = ::recv(socket.descriptor, into, room, MSG_DONTWAIT);
  while (got < 0 && errno == EINTR);
  if (got == 0) {
    socket.ended = true;
  } else if (got < 0 && errno != EAGAIN) {
    socket.error = errno;
  } else if (got < 0 || static_cast<std::size_t>(got) < room) {
    beginReceive(number);
  }
  return got;
}

void RingReactor::send(std::span<Send> offered) noexcept {
  for (Send& each : offered)
    each.result = orError([&] { return sendSome(each.socket, {each.from, each.size}); });
}

ssize_t RingReactor::sendSome(int number, std::string_view bytes) {
  if (!allSent(number)) return -EAGAIN;
  if (bytes.size() > kMaxDelayedBytes || bytes.size() > kSendBufferBytes - sendBufferBytes_)
    return sendDirectly(number, bytes);
  io_uring_sqe& entry = ring_.nextEntry();
  char* const copy = sendBuffer_.get() + sendBufferBytes_;
  copyText(copy, bytes);
  sendBufferBytes_ += bytes.size();
  Socket& socket = at(number);
  socket.sending = {copy, bytes.size()};
  socket.sendRound = sendRound_;
  io_uring_prep_send(&entry, socket.descriptor, copy, bytes.size(), kSendAllFlags);
  entry.flags |= IOSQE_CQE_SKIP_SUCCESS;
  io_uring_sqe_set_data64(&entry, tagOf(number, kSend));
  return static_cast<ssize_t>(bytes.size());
}

bool RingReactor::allSent(int number) {
  Socket& socket = at(number);
  if (!isSending(socket)) return true;
  if (!std::exchange(socket.awaitsSent, true)) awaitingSent_.push_back(number);
  return false;
}

ssize_t RingReactor::sendDirectly(int number, std::string_view bytes) {
  Socket& socket = at(number);
  const ssize_t sent = ::send(socket.descriptor, bytes.data(), bytes.size(), kSendFlags);
  if (sent >= 0) return sent;
  const int error = errno;
  if (error == EAGAIN) watch(number);
  return -error;
}

void RingReactor::shutdownSend(int number) { ::shutdown(at(number).descriptor, SHUT_WR); }

int RingReactor::unacknowledgedBytes(int number) {
  int bytes = 0;
  return ::ioctl(at(number).descriptor, SIOCOUTQ, &bytes) == 0 ? bytes : -1;
}

// Entries name the socket by its descriptor, which must not be reused before they are submitted: it is closed
// by an entry after them.
void RingReactor::close(int number) {
  Socket& socket = at(number);
  socket.pollable = nullptr;
  socket.held.clear(buffers_);
  if ((socket.underWay == 0 && !isSending(socket)) || !started_) {
    ::close(std::exchange(socket.descriptor, -1));
    if (socket.underWay == 0) freeNumbers_.push_back(number);
    return;
  }
  for (const Operation operation : {kReceive, kWatch})
    if (socket.has(operation)) cancel(number, operation);
  io_uring_sqe& entry = ring_.nextEntry();
  io_uring_prep_close(&entry, socket.descriptor);
  begin(entry, number, kClose);
  ++closing_;
}

// --- entries

void RingReactor::begin(io_uring_sqe& entry, int number, Operation operation) {
  io_uring_sqe_set_data64(&entry, tagOf(number, operation));
  at(number).underWay |= Socket::bit(operation);
}

void RingReactor::beginReceive(int number) {
  io_uring_sqe& entry = ring_.nextEntry();
  io_uring_prep_recv_multishot(&entry, at(number).descriptor, nullptr, 0, 0);
  entry.flags |= IOSQE_BUFFER_SELECT;
  entry.buf_group = ProvidedBuffers::kGroup;
  begin(entry, number, kReceive);
}

// Multishot, hence edge-triggered. A single poll would end immediately, again and again, after the client has
// finished sending, because the kernel adds POLLRDHUP to the requested events.
void RingReactor::watch(int number) {
  if (at(number).has(kWatch)) return;
  io_uring_sqe& entry = ring_.nextEntry();
  io_uring_prep_poll_multishot(&entry, at(number).descriptor, POLLOUT);
  begin(entry, number, kWatch);
}

// Entries are processed in order: this is done before the number and the tag can be reused.
void RingReactor::cancel(int number, Operation operation) {
  io_uring_sqe& entry = ring_.nextEntry();
  io_uring_prep_cancel64(&entry, tagOf(number, operation), 0);
  io_uring_sqe_set_data64(&entry, tagOf(number, kCancel));
}

// A single poll, not edge-triggered: Asio may leave events unread.
void RingReactor::watchAsio() {
  io_uring_sqe& entry = ring_.nextEntry();
  io_uring_prep_poll_add(&entry, wait_.descriptor(), POLLIN);
  io_uring_sqe_set_data64(&entry, tagOf(0, kWatchAsio));
  asioWatched_ = true;
}

// --- the loop

// A batch's responses go out with the call that waits for the next batch.
bool RingReactor::takeTurn(bool mayWait) {
  if (!asioWatched_) watchAsio();
  const bool wait = mayWait && ready_.empty() && awaitingSent_.empty() && !owner_.hasWork();
  if (wait || hasWork()) enter(wait);
  if (!ready_.empty() || owner_.hasWork()) {
    owner_.beginBatch();
    wakeReady();
    owner_.endBatch();
    settleReady();
  }
  return !asioWatched_;
}

}  // namespace h3::server
