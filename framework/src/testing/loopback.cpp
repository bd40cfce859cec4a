#include "testing/loopback.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>

namespace h3::test {

using session::Action;

Loopback::Loopback(session::SessionContext& context, boost::asio::io_context& loop, BufferShelf& inputs,
                   BufferShelf& outputs, std::string_view clientAddress)
    : context_(context), loop_(loop), input_(inputs), output_(outputs), http_(context, *this) {
  http_.open(clientAddress);
}

void Loopback::exchange(std::string_view bytes, std::string& responses) {
  responses_ = &responses;
  context_.followWallClock();
  while (open_) {
    respond();
    if (open_ && http_.handlerIsBusy()) {
      waitForHandler();
    } else if (open_ && !bytes.empty()) {
      bytes.remove_prefix(receive(bytes));
    } else {
      break;
    }
  }
  responses_ = nullptr;
  if (input_.empty() && !http_.awaitsHandler()) input_.release();
}

// Responds to what the input holds, and sends it.
void Loopback::respond() {
  flush();
  while (open_) {
    Action action = Action::wait;
    if (http_.canResume(output_)) {
      action = http_.resume(input_, output_);
    } else if (http_.canProcess(input_, output_)) {
      action = http_.process(input_, output_);
    } else {
      break;
    }
    if (action == Action::close) return cut();
    flush();
    input_.rewindIfEmpty();
  }
  closeIfDone();
}

// A client that has its last response ends the connection, too.
void Loopback::closeIfDone() {
  if (open_ && output_.empty() && http_.hasSentLast()) close();
}

// Returns how many bytes fit: a session sees a long request in several pieces, as it would from a socket.
std::size_t Loopback::receive(std::string_view bytes) {
  if (!input_.hasRoom()) {
    input_.moveToFront();
    input_.grow(http_.compact(input_));
  }
  const std::size_t size = std::min(bytes.size(), input_.room().size());
  std::memcpy(input_.room().data(), bytes.data(), size);
  input_.add(size);
  http_.inputArrived();
  context_.services.counters.add(Metric::bytesReceived, size);
  return size;
}

void Loopback::flush() {
  if (responses_ != nullptr) responses_->append(output_.copiedBytes());
  context_.services.counters.add(Metric::bytesSent, output_.copiedBytes().size());
  output_.consumeCopied(output_.copiedBytes().size());
  if (output_.hasBody()) flushBody();
}

void Loopback::flushBody() {
  while (output_.hasBody()) {
    if (!output_.fetchBody()) return cut();
    const std::string_view piece = output_.borrowedBytes();
    if (responses_ != nullptr) responses_->append(piece);
    context_.services.counters.add(Metric::bytesSent, piece.size());
    output_.consumeBorrowed(piece.size());
  }
  http_.bodySent(input_);
}

void Loopback::waitForHandler() {
  using Clock = std::chrono::steady_clock;
  const std::uint32_t limitMs = http_.handlerLimitMs();
  const auto deadline = Clock::now() + std::chrono::milliseconds(limitMs);
  loop_.restart();
  while (open_ && http_.handlerIsBusy() && !http_.hasSentLast()) {
    if (limitMs == 0) {
      loop_.run_one();
    } else if (loop_.run_one_until(deadline) == 0 && Clock::now() >= deadline) {
      expireHandler();
    }
  }
}

// As server::Connection: only after the response is the handler cancelled, which may end within that call.
void Loopback::expireHandler() {
  if (http_.expireHandler(output_) == Action::close) return cut();
  flush();
  http_.cancelHandler();
  closeIfDone();
}

void Loopback::onHandlerDone(Event& event) {
  if (!http_.completeDeferred(event)) return;
  if (!open_) {
    unused_ = http_.end();
    return;
  }
  if (http_.respondDeferred(input_, output_) == Action::close) return cut();
  flush();
}

void Loopback::cut() {
  cut_ = true;
  if (responses_ != nullptr) responses_->append(output_.copiedBytes());
  close();
}

void Loopback::close() {
  if (!open_) return;
  open_ = false;
  output_.clear();
  if (http_.end()) unused_ = true;
}

}  // namespace h3::test
