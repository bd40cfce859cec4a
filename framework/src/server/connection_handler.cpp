// What a connection does for a handler that responds later, or piece by piece.
#include "server/connection.hpp"
#include "server/connection_context.hpp"

namespace h3::server {

using session::Action;

void Connection::onHandlerDone(Event& event) {
  if (!session_.completeDeferred(event)) return;
  if (!isOpen()) return retire();  // the hooks have still run
  if (session_.respondDeferred(input_, output_) == Action::close) return close();
  drive();
}

void Connection::onBodyWanted(Event&) {
  deadlines_.restartHandler(context_.clock.ms());
  if (!session_.runsHandler()) context_.queues.serveLater(*this);
}

bool Connection::onWritten(Event&, std::string_view bytes) {
  deadlines_.restartHandler(context_.clock.ms());
  const bool copied = session_.write(bytes, output_);
  if (!session_.runsHandler()) context_.queues.serveLater(*this);
  return copied;
}

void Connection::onInterim(Event&, std::string_view bytes) {
  session_.writeInterim(bytes, output_);
  if (!session_.runsHandler()) context_.queues.serveLater(*this);
}

// A handler that sends piece by piece may give the next ones.
[[gnu::noinline]] void Connection::driveHandler() {
  while (session_.canResume(output_)) {
    if (session_.resume(input_, output_) == Action::close) return close();
    if (!flush()) return;
  }
}

// Only then is the handler told: it may end within that call.
[[gnu::cold, gnu::noinline]] void Connection::expireHandler() {
  if (session_.expireHandler(output_) == Action::close) return close();
  deadlines_.restartPhase(context_.clock.ms());
  drive();
  session_.cancelHandler();
}

}  // namespace h3::server
