#include "server/connection.hpp"

#include <sys/epoll.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>
#include <new>

#include "app/event_state.hpp"
#include "app/log.hpp"
#include "server/worker.hpp"

namespace h3::server {
namespace {

using Phase = protocol::SessionFsm::Phase;
using Action = protocol::SessionFsm::Action;

constexpr int kRoundsPerTurn =
    16;  // of a receive or a batch of pipelined answers; then the others get theirs
// Of a refused client's upload, before the socket is closed on it. Generous, since closing early resets the
// connection and the client may never see the answer; TimeoutConfig::lingerMs is the bound that counts.
constexpr std::size_t kMaxDiscardBytes = 64 * 1024 * 1024;
// A larger body is sent from where it lies, but for its begin, which goes out with the head: no reactor
// delays that, so the rest can follow at once. The event stays until then, and no further request is read.
constexpr std::size_t kCopiedBodyBytes = 64 * 1024;
constexpr std::size_t kBeginOfLargeBody = Reactor::kMostDelayedBytes;

}  // namespace

Connection::Connection(Worker& worker)
    : worker_(worker),
      fsm_(worker.limits()),
      input_(worker.inputs()),
      output_(worker.outputs()),
      deadlines_(worker.config().timeouts) {}

Connection::~Connection() {
  close();
  releaseEvent();
}

void Connection::open(int socket, std::string_view clientAddress) {
  socket_ = socket;
  fsm_.reset();
  discarded_ = 0;
  deadlines_.start(worker_.clock().ms());
  readable_ = starved_ = hangUpSeen_ = peerClosed_ = writeBlocked_ = shutDown_ = false;
  dispatching_ = deferredPending_ = draining_ = false;
  addressBytes_ = static_cast<std::uint8_t>(std::min(clientAddress.size(), kAddressBytes));
  std::copy_n(clientAddress.data(), addressBytes_, address_.data());
}

void Connection::onReady(std::uint32_t events) noexcept {
  if (events & EPOLLIN) readable_ = true;
  if (events & EPOLLOUT) writeBlocked_ = false;
  if (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) [[unlikely]]
    noteHangUp(events);
  worker_.serveLater(*this);
}

[[gnu::cold, gnu::noinline]] void Connection::noteHangUp(std::uint32_t events) {
  readable_ = hangUpSeen_ = true;
  if ((events & (EPOLLHUP | EPOLLERR)) == 0) return;
  writeBlocked_ = false;
  if (deferredPending_ && event_ != nullptr) event_->state().disconnected = true;
}

[[gnu::cold, gnu::noinline]] void Connection::onReturned(std::string_view bytes) {
  writeBlocked_ = true;
  try {
    output_.handBack(bytes);
  } catch (const std::bad_alloc&) {
    close();
  }
}

// Sends what is queued, works through what has arrived, receives more, until one of the three has to wait.
[[gnu::noinline]] void Connection::drive() {
  bool more = flush();
  for (int rounds = 0; more;) {
    if (++rounds > kRoundsPerTurn) {
      worker_.serveLater(*this);
      break;
    }
    input_.rewindIfEmpty();
    if (hasFreshInput() && !answering() && processApart() == Step::progress) {
      more = flush();
      continue;
    }
    if (!isOpen() || deferredPending_) break;
    if (!readable_) {
      if (mayClose() && worker_.reactor().allSent(socket_)) close();
      break;
    }
    more = receive();
  }
  if (isOpen()) settle();
}

// A large answer does not wait for the others', or a batch would hold all of its large ones at a time.
void Connection::answer() {
  if (!hasFreshInput() || answering()) return;
  process();
  if (output_.isLarge()) [[unlikely]]
    flush();
}

void Connection::finish() {
  const bool quiet = fsm_.phase() == Phase::idle && input_.empty() && output_.empty();
  if (quiet && !(readable_ | peerClosed_ | draining_)) return settle();
  drive();
}

// Has nothing to do until something happens.
void Connection::settle() {
  if (input_.empty()) input_.release();
  deadlines_.followPhase(fsm_.phase(), worker_.clock().ms());
}

// Returns false when the client must take bytes first, or is gone.
bool Connection::flush() {
  for (Send send; beginSend(send);) {
    worker_.reactor().send({&send, 1});
    endSend(send.result);
  }
  if (!output_.copiedBytes().empty()) return false;
  if (!output_.empty() && !flushBody()) return false;
  if (fsm_.phase() == Phase::lingering && !shutDown_ && isOpen() && worker_.reactor().allSent(socket_))
    shutDownAfterFlush();
  return isOpen();
}

[[gnu::noinline]] bool Connection::flushBody() {
  while (!output_.empty() && !writeBlocked_) {
    const std::string_view body = output_.borrowedBytes();
    Send send{socket_, body.data(), body.size(), 0};
    worker_.reactor().send({&send, 1});
    countSent(output_.consumeBorrowed(noteSent(send.result)));
  }
  if (!output_.empty() || !isOpen()) return false;
  endAnswer();
  return true;
}

bool Connection::beginSend(Send& send) {
  const std::string_view unsent = output_.copiedBytes();
  if (unsent.empty() || writeBlocked_) return false;
  send.socket = socket_;
  send.from = unsent.data();
  send.size = unsent.size();
  return true;
}

void Connection::endSend(ssize_t result) {
  const std::size_t sent = noteSent(result);
  if (sent == 0) return;
  countSent(output_.consumeCopied(sent));
  if (fsm_.phase() == Phase::idle || fsm_.phase() == Phase::lingering)
    deadlines_.restartPhase(worker_.clock().ms());
}

// Returns how many bytes have gone out.
std::size_t Connection::noteSent(ssize_t result) {
  deadlines_.recordWrite(worker_.clock().ms());
  if (result >= 0) return static_cast<std::size_t>(result);
  if (result == -EAGAIN) {
    writeBlocked_ = true;
  } else if (result != -EINTR) {
    close();
  }
  return 0;
}

void Connection::countSent(std::size_t bytes) { worker_.services().counters.add(Metric::bytesSent, bytes); }

// For those who are not part of a batch.
[[gnu::noinline, gnu::flatten]] Connection::Step Connection::processApart() { return process(); }

// Answers what is whole in the input, which is not empty. `progress`: there is output to send, or the session
// moved on.
Connection::Step Connection::process() {
  const LimitConfig& limits = worker_.config().limits;
  std::size_t answers = 0;
  do {
    if (fsm_.phase() == Phase::lingering) {
      discardInput();
      break;
    }
    char* const data = input_.data();
    prepareEvent(data);
    switch (fsm_.next(data, input_.size(), event_->state().head)) {
      case Action::dispatch:
        if (dispatch(data) == Step::wait) return output_.empty() ? Step::wait : Step::progress;
        worker_.countAnswer();
        if (!output_.borrowedBytes().empty()) return Step::progress;
        ++answers;
        break;
      case Action::askContinue:
        askContinue(data);
        ++answers;
        break;
      case Action::refuse:
        bindRequest(data);
        refuse(fsm_.status());
        worker_.countAnswer();
        ++answers;
        break;
      default:
        starved_ = true;
        return answers != 0 ? Step::progress : Step::wait;
    }
  } while (!input_.empty() && isOpen() && answers != limits.pipelineDepth &&
           output_.copiedBytes().size() <= limits.outputBytes);
  return answers != 0 ? Step::progress : Step::wait;
}

void Connection::prepareEvent(char* data) {
  if (event_ == nullptr) {
    event_ = worker_.services().events.acquire();
    event_->state().startedNs = worker_.clock().ns();
    event_->state().clientAddress = clientAddress();
    event_->state().completion = {&Connection::onDeferredDone, this};
  }
  event_->state().base = data;
}

// Drops the views into bytes that may have moved; what is kept as offsets follows them.
[[gnu::cold, gnu::noinline]] void Connection::unbindRequest(char* data) {
  EventState& state = event_->state();
  state.base = data;
  state.head.headers.rebase(data);
  state.target = Target{};
  state.path = state.body = {};
  state.routeParams.clear();
}

// Points the event's views at the request, as far as the reader has just read it.
void Connection::bindRequest(char* data) {
  const protocol::RequestReader& reader = fsm_.reader();
  if (!reader.headRead()) return unbindRequest(data);
  EventState& state = event_->state();
  state.base = data;
  state.target = reader.target();
  state.path = state.target.hasEscapes ? normalizePath(state.target.path, state.arena) : state.target.path;
  state.body = reader.body(data);
}

Connection::Step Connection::dispatch(char* data) {
  bindRequest(data);
  EventState& state = event_->state();
  state.closeAfter = !state.head.keepAlive || draining_;
  dispatching_ = deferredPending_ = true;
  worker_.dispatcher().handle(*event_);
  dispatching_ = false;
  if (!state.deferred) deferredPending_ = false;
  if (deferredPending_) return Step::wait;
  if (state.deferred) worker_.dispatcher().finishDeferred(*event_);  // completed within the handler's call
  finishAnswer();
  return Step::progress;
}

void Connection::onDeferredDone(void* context, Event& event) {
  Connection& self = *static_cast<Connection*>(context);
  self.deferredPending_ = false;
  if (self.dispatching_) return;
  self.worker_.updateClock();
  self.worker_.dispatcher().finishDeferred(event);
  if (!self.isOpen()) {  // nobody is left to answer; the hooks have still run
    self.releaseEvent();
    self.input_.release();
    self.worker_.recycle(self);
    return;
  }
  self.worker_.recordLatency(event);
  self.finishAnswer();
  self.drive();
}

// Queues the dispatched event's answer, and forgets the request unless the answer's bytes are still needed.
void Connection::finishAnswer() {
  EventState& state = event_->state();
  if (draining_) state.closeAfter = true;
  queueAnswer(state.responseBody.size() > kCopiedBodyBytes ? kBeginOfLargeBody : std::string_view::npos);
  if (isOpen() && output_.borrowedBytes().empty()) endAnswer();
}

void Connection::endAnswer() {
  fsm_.answered(!event_->state().closeAfter);
  input_.consume(fsm_.reader().consumed());
  releaseEvent();
  deadlines_.restartPhase(worker_.clock().ms());
}

void Connection::queueAnswer(std::size_t copiedBytes) {
  starved_ = false;
  const EventState& state = event_->state();
  protocol::ResponseHead head;
  head.status = state.status;
  head.minorVersion = state.head.minorVersion;
  head.keepAlive = !state.closeAfter;
  head.headRequest = state.head.method == Method::head;
  head.start = worker_.answerStart().text();
  head.contentType = state.contentType;
  head.fields = state.fields.all();
  head.body = state.responseBody;
  head.copiedBytes = copiedBytes;
  try {
    output_.borrow(protocol::writeResponse(output_.copied(), head));
  } catch (const std::bad_alloc&) {
    logError("an answer is larger than any buffer", event_->routePattern());
    return close();
  }
  WorkerCounters& counters = worker_.services().counters;
  counters.add(Metric::requests);
  counters.add(static_cast<Metric>(static_cast<int>(Metric::responses1xx) + state.status / 100 - 1));
}

[[gnu::cold, gnu::noinline]] void Connection::askContinue(char* data) {
  bindRequest(data);
  if (worker_.dispatcher().wantsBody(*event_)) {
    output_.copied().append("HTTP/1.1 100 Continue\r\n\r\n");
    worker_.services().counters.add(Metric::responses1xx);
    return;
  }
  queueAnswer();
  fsm_.refused();
}

// Answers with an error and lets nothing more become a request.
[[gnu::cold, gnu::noinline]] void Connection::refuse(int status) {
  worker_.dispatcher().refuse(*event_, status);
  queueAnswer();
  fsm_.refused();
}

[[gnu::cold, gnu::noinline]] void Connection::discardInput() {
  discarded_ += input_.size();
  input_.clear();
  releaseEvent();
  if (discarded_ > kMaxDiscardBytes) close();
}

// Takes what has arrived. Returns false when the connection is closed.
bool Connection::receive() {
  Receive receive;
  if (!beginReceive(receive)) return isOpen();
  worker_.reactor().receive({&receive, 1});
  endReceive(receive.result);
  return isOpen();
}

// Only when all that can be answered has been: what is not received stops the client.
bool Connection::beginReceive(Receive& receive) {
  if (!readable_ || answering() || hasFreshInput()) return false;
  if (!makeRoom()) return false;
  receive.socket = socket_;
  receive.into = input_.room().data();
  receive.room = input_.room().size();
  return true;
}

void Connection::endReceive(ssize_t result) {
  if (result > 0) {
    const std::size_t room = input_.room().size();
    input_.add(static_cast<std::size_t>(result));
    starved_ = false;
    worker_.services().counters.add(Metric::bytesReceived, static_cast<std::uint64_t>(result));
    // A short read has emptied the socket; but a FIN may have come on the same edge.
    if (static_cast<std::size_t>(result) < room && !hangUpSeen_) readable_ = false;
    return;
  }
  if (result == -EINTR) return;
  readable_ = false;
  if (result == 0) {
    peerClosed_ = true;
  } else if (result != -EAGAIN) {
    close();
  }
}

bool Connection::makeRoom() { return input_.hasRoom() || makeMoreRoom(); }

// The unfinished request moves to the front, closes its gaps, and only then gets a larger buffer.
[[gnu::noinline]] bool Connection::makeMoreRoom() {
  if (hangUpSeen_ && !input_.full()) return true;  // little more can come, if anything
  input_.moveToFront();
  const bool inBody = fsm_.phase() == Phase::body;
  if (inBody) input_.shrinkTo(fsm_.reader().compact(input_.data(), input_.size()));
  try {
    input_.grow(inBody ? fsm_.reader().expectedBytes() : 0);
  } catch (const std::bad_alloc&) {
    close();
    return false;
  }
  return true;
}

[[gnu::cold, gnu::noinline]] void Connection::shutDownAfterFlush() {
  shutDown_ = true;
  deadlines_.restartPhase(worker_.clock().ms());
  if (peerClosed_) return close();
  worker_.reactor().shutdownSend(socket_);
}

void Connection::checkDeadlines(std::uint64_t nowMs) {
  const bool sending = !output_.empty();
  if (sending) deadlines_.recordUnacknowledged(worker_.reactor().unacknowledgedBytes(socket_), nowMs);
  const auto action = deadlines_.check({fsm_.phase(), sending, fsm_.reader().bodyBytesSeen()}, nowMs);
  if (action == ConnectionDeadlines::Action::none) return;
  if (action == ConnectionDeadlines::Action::close) return close();
  worker_.services().counters.add(Metric::connectionsTimedOut);
  if (action == ConnectionDeadlines::Action::expire) return close();
  // Not bindRequest(): the reader has not seen the bytes since they may have moved.
  unbindRequest(input_.data());
  refuse(408);
  drive();
}

void Connection::drain() {
  draining_ = true;
  readable_ = true;  // a request may have arrived that nobody has looked at
  drive();
}

// If it cannot even be closed now, its deadlines will.
[[gnu::cold, gnu::noinline]] void Connection::fail(const char* why) noexcept {
  logError("a connection could not be served", why);
  try {
    close();
  } catch (const std::exception& failure) {
    logError("nor closed", failure.what());
  }
}

void Connection::releaseEvent() {
  if (event_ != nullptr) worker_.services().events.release(event_);
  event_ = nullptr;
}

// A deferred handler still uses the event and the bytes that it points into: those stay until it ends.
[[gnu::cold, gnu::noinline]] void Connection::close() {
  if (!isOpen()) return;
  worker_.reactor().close(socket_);
  socket_ = -1;
  readable_ = false;
  output_.clear();
  worker_.releaseAddress(clientAddress());
  worker_.services().counters.add(Metric::connectionsClosed);
  if (deferredPending_) {
    event_->state().disconnected = true;
    return;
  }
  releaseEvent();
  input_.release();
  worker_.recycle(*this);
}

}  // namespace h3::server
