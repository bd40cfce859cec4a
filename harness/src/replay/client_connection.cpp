#include "replay/client_connection.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <limits>

#include "replay/measure_error.hpp"
#include "replay/steady_time.hpp"

namespace leakgate {
namespace {

// How long to wait for the server's end after a response with `Connection: close`: of a server that closes,
// and of one that did not.
constexpr std::uint64_t kCloseGraceNs = 1'000 * kNsPerMs;
constexpr std::uint64_t kShortCloseGraceNs = 20 * kNsPerMs;
// Over loopback a connection is made within the call, unless its first packet was dropped.
constexpr std::uint64_t kFirstAttemptNs = 10 * kNsPerMs;
constexpr unsigned kMaxAttemptDoublings = 4;
constexpr int kSwitchingProtocols = 101;
// A connection stops filling its output above this size; a single request may be larger.
constexpr std::size_t kOutputBytes = 256U << 10;

}  // namespace

ClientConnection::ClientConnection(unsigned index, const Setup& setup, const RequestStream& stream)
    : index_(index),
      setup_(setup),
      stream_(stream),
      socket_(setup.epoll),
      closeGraceNs_(kCloseGraceNs),
      inFlight_(setup.pipeline) {}

void ClientConnection::startBlock(const SendSchedule& schedule, std::uint64_t end, BlockLedger& ledger) {
  const std::uint64_t connections = stream_.connections();
  schedule_ = schedule;
  next_ = schedule.first + (index_ + connections - schedule.first % connections) % connections;
  end_ = end;
  openedIdle_ = false;
  ledger_ = &ledger;
}

bool ClientConnection::busy() const {
  return next_ < end_ || count_ > 0 || state_ == State::closing || state_ == State::connecting || wantsOpen();
}

// Without a request to send, only once per block: otherwise a server that closes idle connections immediately
// would keep the block from ending.
bool ClientConnection::wantsOpen() const {
  return state_ == State::closed && (next_ < end_ || (setup_.keepOpen && !openedIdle_));
}

bool ClientConnection::wantsSmallWindow() const {
  return stream_.readsSlowly() && stream_.traits(stream_.stepOf(next_)).slowReadMs != 0;
}

bool ClientConnection::wantsFresh() const {
  return stream_.opensFresh() && sentHere_ > 0 && stream_.traits(stream_.stepOf(next_)).fresh;
}

bool ClientConnection::hasSentAll() const {
  return stream_.requestsPerConnection() != 0 && sentHere_ >= stream_.requestsPerConnection();
}

bool ClientConnection::takeWantsTurn() { return std::exchange(wantsTurn_, false); }

std::optional<std::uint64_t> ClientConnection::pendingRequest() const {
  return count_ > 0 ? std::optional(front().number) : lost_;
}

std::uint64_t ClientConnection::deadlineNs() const {
  if (state_ != State::open && state_ != State::closed) return deadlineNs_;
  return count_ > 0 ? front().sentNs + setup_.responseTimeoutNs : std::numeric_limits<std::uint64_t>::max();
}

void ClientConnection::pump(std::uint64_t nowNs) {
  if (wantsOpen()) open(nowNs);
  while (state_ == State::open && out_.empty() && fill(nowNs)) flush(nowNs);
}

void ClientConnection::open(std::uint64_t nowNs) {
  smallWindow_ = wantsSmallWindow();
  const auto result = socket_.connect(setup_.port, smallWindow_, this);
  if (result == ClientSocket::Connect::failed) {
    connectError_ = errno;
    return;
  }
  if (attempts_ == 0) connectUntilNs_ = nowNs + setup_.responseTimeoutNs;
  const bool connected = result == ClientSocket::Connect::made;
  state_ = connected ? State::open : State::connecting;
  deadlineNs_ = nowNs + (kFirstAttemptNs << std::min(attempts_, kMaxAttemptDoublings));
  if (result == ClientSocket::Connect::noPort) return;
  responsesHere_ = 0;
  sentHere_ = 0;
  openedIdle_ = next_ >= end_;
  if (connected) attempts_ = 0;
  if (connected) ledger_->opened();
}

void ClientConnection::connectAgain(std::uint64_t nowNs) {
  if (nowNs >= connectUntilNs_) {
    connectError_ = ETIMEDOUT;
    return;
  }
  ++attempts_;
  open(nowNs);
}

void ClientConnection::finishConnect() {
  connectError_ = socket_.connectError();
  if (connectError_ != 0) return;
  state_ = State::open;
  attempts_ = 0;
  ledger_->opened();
}

// After a request that ends the connection, or that is sent alone, nothing is sent until it is done.
bool ClientConnection::maySend(std::uint64_t nowNs) const {
  if (next_ >= end_ || count_ == inFlight_.size() || out_.size() >= kOutputBytes || hasSentAll())
    return false;
  if (schedule_.dueNs(next_) > nowNs) return false;
  if (count_ == 0) return true;
  const auto& newest = stream_.traits(inFlight_[(head_ + count_ - 1) % inFlight_.size()].step);
  return !newest.closes && !newest.alone;
}

bool ClientConnection::fill(std::uint64_t nowNs) {
  if (count_ == 0 && next_ < end_ && (wantsSmallWindow() != smallWindow_ || wantsFresh())) {
    return closeSocket(), false;
  }
  while (maySend(nowNs)) {
    const std::size_t step = stream_.stepOf(next_);
    if (count_ > 0 && (stream_.traits(step).alone || stream_.traits(step).fresh)) break;
    stream_.render(next_, out_);
    push(next_, step, nowNs);
    next_ += stream_.connections();
  }
  return !out_.empty();
}

void ClientConnection::push(std::uint64_t number, std::size_t step, std::uint64_t nowNs) {
  const std::uint64_t startNs = schedule_.isOpenLoop() ? schedule_.dueNs(number) : nowNs;
  inFlight_[(head_ + count_) % inFlight_.size()] = {number, step, nowNs, startNs,
                                                    stream_.traits(step).slowReadMs != 0};
  ++sentHere_;
  if (++count_ == 1) beginResponse();
}

void ClientConnection::pop() {
  last_ = front();
  head_ = (head_ + 1) % inFlight_.size();
  if (--count_ > 0) beginResponse();
}

// Keeps one byte more than the expected body, so that a longer one differs.
void ClientConnection::beginResponse() {
  const auto& traits = stream_.traits(front().step);
  const std::size_t keep =
      traits.comparesBody ? stream_.expectedBodySize(front().number, front().step) + 1 : 0;
  reader_.begin(traits.isHead, keep);
}

void ClientConnection::flush(std::uint64_t nowNs) {
  while (outSent_ < out_.size()) {
    const ssize_t sent = ::send(socket_.get(), out_.data() + outSent_, out_.size() - outSent_, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return socket_.watch(true, true);
    // The server has closed: it may have responded before, which the next receive() shows.
    outSent_ = sent < 0 ? out_.size() : outSent_ + static_cast<std::size_t>(sent);
  }
  out_.clear();
  outSent_ = 0;
  socket_.watch(true, false);
  afterFlush(nowNs);
}

void ClientConnection::afterFlush(std::uint64_t nowNs) {
  if (count_ == 0) return;
  const auto& traits = stream_.traits(front().step);
  if (!traits.leaves) return;
  if (traits.stallMs == 0) return leave();
  state_ = State::holding;
  deadlineNs_ = nowNs + traits.stallMs * kNsPerMs;
}

// From the response's first byte on: however long that took, the server's write then blocks.
void ClientConnection::pause(std::uint64_t nowNs, std::uint32_t ms) {
  state_ = State::pausing;
  deadlineNs_ = nowNs + ms * kNsPerMs;
  socket_.watch(false, false);
}

// The latency counts from now: the pause is not the server's.
void ClientConnection::readOn(std::uint64_t nowNs) {
  state_ = State::open;
  front().sentNs = front().startNs = nowNs;
  front().leftUnread = false;
  socket_.watch(true, false);
}

void ClientConnection::onEvents(std::uint32_t events, std::uint64_t nowNs, std::span<char> scratch) {
  if (state_ == State::connecting) {
    finishConnect();
    if (state_ != State::open) return;
  } else if (state_ == State::pausing) {
    readOn(nowNs);  // the server has closed: no other event is watched
  } else if ((events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0) {
    receive(nowNs, scratch);
  }
  if (state_ == State::open && outSent_ < out_.size()) flush(nowNs);
  pump(nowNs);
}

void ClientConnection::receive(std::uint64_t nowNs, std::span<char> scratch) {
  if (count_ > 0 && front().leftUnread) return pause(nowNs, stream_.traits(front().step).slowReadMs);
  const ssize_t got = ::recv(socket_.get(), scratch.data(), scratch.size(), 0);
  if (got > 0) return take({scratch.data(), static_cast<std::size_t>(got)}, nowNs);
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return;
  endOfStream(nowNs);
}

void ClientConnection::take(std::string_view bytes, std::uint64_t nowNs) {
  while (!bytes.empty() && state_ != State::closed) {
    if (state_ == State::closing || count_ == 0) {
      ledger_->unasked(last_.number, last_.step);
      return closeSocket();
    }
    bytes.remove_prefix(reader_.feed(bytes));
    if (reader_.failed()) return giveUpFront(std::string("malformed: ") + reader_.error());
    if (reader_.done()) finishFront(nowNs);
  }
}

void ClientConnection::finishFront(std::uint64_t nowNs) {
  const InFlight request = front();
  const auto& traits = stream_.traits(request.step);
  if (traits.leaves) {
    ledger_->left(request.number, request.step, &reader_);
    pop();
    return closeSocket();
  }
  ledger_->responded(request.number, request.step, reader_, nowNs - request.startNs);
  ++responsesHere_;
  lost_.reset();
  const bool upgraded = reader_.status() == kSwitchingProtocols;
  const bool serverCloses = !reader_.keepsAlive();
  pop();
  if (serverCloses) {
    // Requests still in flight get no response here: they are sent again on the next connection.
    if (count_ > 0) next_ = front().number;
    count_ = 0;
    out_.clear();
    outSent_ = 0;
    if (upgraded) return closeSocket();  // the server waits for the client to send, or to leave
    socket_.watch(true, false);
    state_ = State::closing;
    deadlineNs_ = nowNs + closeGraceNs_;
  } else if (traits.closes || traits.slowReadMs != 0 || (count_ == 0 && hasSentAll())) {
    closeSocket();
  }
}

void ClientConnection::endOfStream(std::uint64_t nowNs) {
  if (state_ == State::closing || count_ == 0) return closeSocket();
  const InFlight request = front();
  lost_ = request.number;
  const bool idleTimeout = !reader_.started() && responsesHere_ > 0;
  reader_.endOfStream();
  if (reader_.done()) {
    finishFront(nowNs);
    closeSocket();
  } else if (stream_.traits(request.step).leaves) {
    ledger_->left(request.number, request.step, nullptr);
    pop();
    closeSocket();
  } else if (idleTimeout) {
    next_ = request.number;
    closeSocket();
  } else {
    giveUpFront(reader_.error());
  }
}

void ClientConnection::giveUpFront(const std::string& why) {
  ledger_->missing(front().number, front().step, why);
  next_ = front().number + stream_.connections();
  closeSocket();
}

// FIN and RST alternate.
void ClientConnection::leave() {
  if (departures_++ % 2 == 1) socket_.abortAtClose();
  ledger_->left(front().number, front().step, nullptr);
  pop();
  closeSocket();
}

void ClientConnection::closeSocket() {
  socket_.close();
  state_ = State::closed;
  count_ = 0;
  out_.clear();
  outSent_ = 0;
  wantsTurn_ = wantsOpen();
}

void ClientConnection::onDeadline(std::uint64_t nowNs) {
  if (nowNs < deadlineNs()) return;
  if (state_ == State::holding) return leave();
  if (state_ == State::pausing) return readOn(nowNs);
  if (state_ == State::closing) {
    closeGraceNs_ = kShortCloseGraceNs;
    return closeSocket();
  }
  if (state_ == State::connecting) {
    // It may be connected by now, with only this check being late: the server would then see a connection
    // that is not counted.
    return socket_.isWritable() ? onEvents(EPOLLOUT, nowNs, {}) : connectAgain(nowNs);
  }
  throw TargetFailed("no response to request " + std::to_string(front().number) + " (step \"" +
                     stream_.step(front().step).name + "\") within " +
                     std::to_string(setup_.responseTimeoutNs / kNsPerMs) +
                     " ms; the target runs but does not respond");
}

}  // namespace leakgate
