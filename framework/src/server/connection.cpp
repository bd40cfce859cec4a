#include "server/connection.hpp"

#include <algorithm>
#include <exception>
#include <new>

#include "app/log.hpp"
#include "server/connection_context.hpp"

namespace h3::server {
namespace {

using session::Action;
using session::Phase;

// A round is a receive or a batch of pipelined responses. After these it is the other connections' turn.
constexpr int kMaxRoundsPerTurn = 16;
// The same for sending. Fifty connections that send as fast as they can then take a few milliseconds a turn.
constexpr std::size_t kMaxBytesPerTurn = 64 * 1024;
// Of a new response: 256 KiB.
constexpr int kFlushesAtFirst = 4;

static_assert(session::ResponseQueue::kCopiedStartBytes >= Reactor::kMaxDelayedBytes);

}  // namespace

Connection::Connection(ConnectionContext& context)
    : context_(context),
      transport_(context.reactor),
      input_(context.inputs),
      output_(context.outputs),
      session_(context.session, *this),
      deadlines_(context.session.config.timeouts) {}

Connection::~Connection() { close(); }

void Connection::open(int socket, std::string_view clientAddress) {
  transport_.open(socket);
  addressBytes_ = static_cast<std::uint8_t>(std::min(clientAddress.size(), kAddressBytes));
  std::copy_n(clientAddress.data(), addressBytes_, address_.data());
  session_.open(this->clientAddress());
  deadlines_.start(context_.clock.ms());
}

void Connection::onReady(std::uint32_t events) noexcept {
  if (transport_.onEvents(events)) [[unlikely]]
    return clientLeft();
  context_.queues.serveLater(*this);
}

[[gnu::cold, gnu::noinline]] void Connection::onReturned(std::string_view bytes) {
  transport_.holdSends();
  try {
    output_.handBack(bytes);
  } catch (const std::bad_alloc&) {
    close();
  }
}

// --- the batch's steps

bool Connection::beginReceive(Receive& receive) {
  if (!transport_.mayReceive() || !session_.wantsInput(input_, output_)) return false;
  if (!makeRoom()) return false;
  transport_.beginReceive(receive, input_.room());
  return true;
}

void Connection::endReceive(ssize_t result) {
  const Transferred received = transport_.endReceive(result, input_.room());
  if (received.bytes != 0) {
    input_.add(received.bytes);
    session_.inputArrived();
    context_.counters.add(Metric::bytesReceived, received.bytes);
  } else if (received.failed) {
    close();
  }
}

// A large response does not wait for other connections, and gets more than one turn's bytes: a batch would
// otherwise hold all its large responses at the same time.
void Connection::respond() {
  if (!session_.canProcess(input_, output_)) return;
  if (session_.process(input_, output_) == Action::close) [[unlikely]]
    return close();
  for (int i = 0; output_.isLarge() && transport_.maySend() && i < kFlushesAtFirst; ++i) [[unlikely]] flush();
}

bool Connection::beginSend(Send& send) {
  const std::string_view unsent = output_.copiedBytes();
  if (unsent.empty() || !transport_.maySend()) return false;
  transport_.beginSend(send, unsent);
  return true;
}

void Connection::endSend(ssize_t result) {
  countSent(output_.consumeCopied(finishSend(result).bytes));
  if (session_.phase() == Phase::idle || session_.phase() == Phase::lingering)
    deadlines_.restartPhase(context_.clock.ms());
}

void Connection::finish() {
  const bool quiet = session_.isIdle() && input_.empty() && output_.copiedBytes().empty();
  if (!quiet || !transport_.isQuiet()) return drive();
  rest();
  if (heldBytes_ != 0) [[unlikely]]
    countHeld();
}

// --- one connection by itself

// Sends queued output, processes input, receives more, until one of the three has to wait or the turn is
// over.
[[gnu::noinline]] void Connection::drive() {
  const std::uint64_t turnEndsAtByte = sentBytes_ + kMaxBytesPerTurn;
  bool more = flush();
  for (int rounds = 0; more;) {
    if (++rounds > kMaxRoundsPerTurn || sentBytes_ >= turnEndsAtByte) {
      context_.queues.serveLater(*this);
      break;
    }
    input_.rewindIfEmpty();
    if (session_.awaitsHandler()) [[unlikely]]
      driveHandler();
    if (session_.canProcess(input_, output_) && process() == Action::send) {
      more = flush();
      continue;
    }
    if (!isOpen() || (session_.awaitsHandler() && !session_.wantsInput(input_, output_))) break;
    if (!transport_.mayReceive()) {
      if (session_.mayClose(transport_.inputEnded()) && transport_.allSent()) close();
      break;
    }
    more = receive();
  }
  if (!isOpen()) return;
  rest();
  countHeld();
}

// Flattened, like Batch::serve().
[[gnu::noinline, gnu::flatten]] Action Connection::process() {
  const Action action = session_.process(input_, output_);
  if (action == Action::close) [[unlikely]]
    close();
  return action;
}

// Returns false when the client must take bytes first, its turn is over, or it is gone.
bool Connection::flush() {
  for (Send send; beginSend(send);) {
    transport_.send(send);
    endSend(send.result);
  }
  if (!output_.copiedBytes().empty()) return false;
  if (output_.hasBody() && !flushBody()) return false;
  if (session_.hasSentLast() && !transport_.outputEnded() && isOpen() && transport_.allSent()) endOutput();
  return isOpen();
}

[[gnu::noinline]] bool Connection::flushBody() {
  std::size_t left = kMaxBytesPerTurn;
  while (output_.hasBody() && transport_.maySend()) {
    if (left == 0) {
      context_.queues.serveLater(*this);
      return false;
    }
    if (!output_.fetchBody()) {
      cutBody();
      return false;
    }
    Send send;
    transport_.beginSend(send, output_.borrowedBytes().substr(0, left));
    transport_.send(send);
    const Transferred sent = finishSend(send.result);
    left -= sent.bytes;
    countSent(output_.consumeBorrowed(sent.bytes));
  }
  if (output_.hasBody() || !isOpen()) return false;
  session_.bodySent(input_);
  deadlines_.restartPhase(context_.clock.ms());
  return true;
}

// Its length has been announced, so the client sees that bytes are missing.
[[gnu::cold, gnu::noinline]] void Connection::cutBody() {
  context_.counters.add(Metric::bodiesCut);
  close();
}

Transferred Connection::finishSend(ssize_t result) {
  const Transferred sent = transport_.endSend(result);
  if (sent.failed) close();
  return sent;
}

void Connection::countSent(std::size_t bytes) {
  sentBytes_ += bytes;
  context_.counters.add(Metric::bytesSent, bytes);
}

// Returns false when the connection is closed.
bool Connection::receive() {
  Receive receive;
  if (!beginReceive(receive)) return isOpen();
  transport_.receive(receive);
  endReceive(receive.result);
  return isOpen();
}

bool Connection::makeRoom() { return input_.hasRoom() || makeMoreRoom(); }

// The unfinished request moves to the front, closes its gaps, and only then gets a larger buffer.
[[gnu::noinline]] bool Connection::makeMoreRoom() {
  if (transport_.expectsEnd() && !input_.full()) return true;  // little or nothing more can arrive
  input_.moveToFront();
  const std::size_t expectedBytes = session_.compact(input_);
  try {
    input_.grow(expectedBytes);
  } catch (const std::bad_alloc&) {
    close();
    return false;
  }
  return true;
}

// Releases the input buffer while there is nothing to do.
void Connection::rest() {
  if (input_.empty()) input_.release();
  deadlines_.followPhase(session_.phase(), context_.clock.ms());
}

// A handler that runs holds memory too, but not because of its client.
void Connection::countHeld() {
  const bool waits =
      !output_.empty() || session_.phase() == Phase::body || session_.phase() == Phase::streaming;
  const std::size_t now =
      waits ? input_.capacity() + output_.copied().capacity() + session_.heldBytes() : std::size_t{0};
  context_.budget.change(heldBytes_, now);
  heldBytes_ = now;
}

// --- its end

void Connection::checkDeadlines(std::uint64_t nowMs) {
  const bool last = session_.hasSentLast();
  ConnectionDeadlines::Activity activity{last ? Phase::lingering : session_.phase(), !output_.empty(),
                                         session_.handlerIsBusy() && !last, session_.bodyBytesSeen(),
                                         sentBytes_};
  activity.handlerWaits = session_.handlerWaits();
  activity.handlerMs = session_.handlerLimitMs();
  if (activity.sending) activity.unacknowledgedBytes = transport_.unacknowledgedBytes();
  const auto action = deadlines_.check(activity, nowMs);
  if (action == ConnectionDeadlines::Action::none) return;
  if (action == ConnectionDeadlines::Action::close) return close();
  if (action == ConnectionDeadlines::Action::expireHandler) return expireHandler();
  context_.counters.add(Metric::connectionsTimedOut);
  if (action == ConnectionDeadlines::Action::expire) return close();
  if (action == ConnectionDeadlines::Action::reset) return reset();
  if (session_.refuseLate(input_, output_) == Action::close) return close();
  drive();
}

void Connection::drain() {
  session_.drain();
  transport_.expectInput();
  drive();
}

bool Connection::isSlowerThan(const Connection& other) const {
  const std::uint64_t mine = deadlines_.bytesPerSecond();
  const std::uint64_t others = other.deadlines_.bytesPerSecond();
  return mine != others ? mine < others : heldBytes_ > other.heldBytes_;
}

[[gnu::cold, gnu::noinline]] void Connection::shed() {
  context_.counters.add(Metric::connectionsShed);
  reset();
}

[[gnu::cold, gnu::noinline]] void Connection::endOutput() {
  deadlines_.restartPhase(context_.clock.ms());
  if (transport_.inputEnded()) return close();
  transport_.endOutput();
}

// Immediately: requests that wait in the input must not reach a handler, and the slot and the descriptor are
// free for another client. A deferred handler that still runs keeps the event and the input.
[[gnu::cold, gnu::noinline]] void Connection::clientLeft() noexcept {
  try {
    close();
  } catch (const std::exception& failure) {
    logError("the connection of a client that has left could not be closed", failure.what());
  }
}

// If it cannot even be closed now, its deadlines will close it.
[[gnu::cold, gnu::noinline]] void Connection::fail(const char* why) noexcept {
  logError("a connection could not be served", why);
  try {
    close();
  } catch (const std::exception& failure) {
    logError("nor closed", failure.what());
  }
}

// With a FIN, the kernel would go on for minutes to send what it holds to a client that does not take it.
[[gnu::cold, gnu::noinline]] void Connection::reset() {
  transport_.dropUnsent();
  close();
}

[[gnu::cold, gnu::noinline]] void Connection::close() {
  if (!isOpen()) return;
  transport_.close();
  output_.clear();
  context_.budget.change(heldBytes_, 0);
  heldBytes_ = 0;
  context_.limiter.release(clientAddress());
  context_.counters.add(Metric::connectionsClosed);
  retire();
}

// Once no handler uses it any more.
void Connection::retire() {
  if (!session_.end()) return;
  input_.release();
  context_.queues.recycle(*this);
}

}  // namespace h3::server
