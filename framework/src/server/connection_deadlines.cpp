#include "server/connection_deadlines.hpp"

namespace h3::server {

void ConnectionDeadlines::start(std::uint64_t nowMs) {
  phaseSinceMs_ = writeProgressMs_ = nowMs;
  unacknowledgedBytes_ = 0;
  phase_ = Phase::idle;
}

void ConnectionDeadlines::recordUnacknowledged(int bytes, std::uint64_t nowMs) {
  if (bytes < 0) return;
  if (bytes < unacknowledgedBytes_) writeProgressMs_ = nowMs;
  unacknowledgedBytes_ = bytes;
}

ConnectionDeadlines::Action ConnectionDeadlines::check(const Activity& activity, std::uint64_t nowMs) const {
  const TimeoutConfig& limits = *timeouts_;
  if (activity.sending) return nowMs - writeProgressMs_ > limits.writeMs ? Action::expire : Action::none;
  const std::uint64_t elapsedMs = nowMs - phaseSinceMs_;
  switch (activity.phase) {
    case Phase::idle:
      return elapsedMs > limits.idleMs ? Action::expire : Action::none;
    case Phase::head:
      return elapsedMs > limits.headerMs ? Action::refuse : Action::none;
    case Phase::body: {
      const bool slow = activity.bodyBytesSeen * 1000 < std::uint64_t{limits.bodyBytesPerSecond} * elapsedMs;
      return elapsedMs > limits.bodyGraceMs && slow ? Action::refuse : Action::none;
    }
    case Phase::handling:
      return Action::none;
    case Phase::lingering:
      return elapsedMs > limits.lingerMs ? Action::close : Action::none;
  }
  return Action::none;
}

}  // namespace h3::server
