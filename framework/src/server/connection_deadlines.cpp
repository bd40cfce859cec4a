#include "server/connection_deadlines.hpp"

#include <algorithm>

namespace h3::server {

void ConnectionDeadlines::start(std::uint64_t nowMs) {
  phaseSinceMs_ = nowMs;
  phase_ = Phase::idle;
  paced_ = Paced::nothing;
}

ConnectionDeadlines::Action ConnectionDeadlines::check(const Activity& activity, std::uint64_t nowMs) {
  const TimeoutConfig& limits = *timeouts_;
  const std::uint64_t elapsedMs = nowMs - phaseSinceMs_;
  if (activity.handlerWaits) handlerSinceMs_ = nowMs;
  if (activity.awaitsHandler && activity.handlerMs != 0 &&
      nowMs - std::max(phaseSinceMs_, handlerSinceMs_) > activity.handlerMs)
    return Action::expireHandler;
  if (activity.sending) return outputIsSlow(activity, nowMs) ? Action::reset : Action::none;
  if (activity.phase == Phase::streaming && activity.awaitsHandler) {
    excuseBody(nowMs);
    return Action::none;
  }
  if (activity.phase == Phase::body || activity.phase == Phase::streaming)
    return bodyIsSlow(activity.bodyBytesSeen, nowMs) ? Action::refuse : Action::none;
  paced_ = Paced::nothing;
  switch (activity.phase) {
    case Phase::idle:
      return elapsedMs > limits.idleMs ? Action::expire : Action::none;
    case Phase::head:
      return elapsedMs > limits.headerMs ? Action::refuse : Action::none;
    case Phase::lingering:
      return elapsedMs > limits.lingerMs ? Action::close : Action::none;
    case Phase::body:
    case Phase::streaming:
    case Phase::handling:
      break;
  }
  return Action::none;
}

// While the handler does not read, its client cannot send.
void ConnectionDeadlines::excuseBody(std::uint64_t nowMs) {
  if (paced_ == Paced::body) pace_.excuse(nowMs);
}

bool ConnectionDeadlines::bodyIsSlow(std::uint64_t bytes, std::uint64_t nowMs) {
  const Pace::Limit limit{timeouts_->bodyBytesPerSecond, timeouts_->bodyGraceMs};
  if (paced_ != Paced::body || pacedSinceMs_ != phaseSinceMs_) {
    pace_.start(0, phaseSinceMs_, limit);
    paced_ = Paced::body;
    pacedSinceMs_ = phaseSinceMs_;
  }
  pace_.record(bytes, nowMs, limit);
  return limit.bytesPerSecond != 0 && pace_.isTooSlow(nowMs);
}

// The kernel holds megabytes for a slow client and accepts more only when a third is gone: so what the client
// acknowledges counts, not what the kernel accepts. A client that has taken all that was sent owes nothing.
bool ConnectionDeadlines::outputIsSlow(const Activity& activity, std::uint64_t nowMs) {
  const Pace::Limit limit{timeouts_->writeBytesPerSecond, timeouts_->writeMs};
  const auto waiting = static_cast<std::uint64_t>(std::max(activity.unacknowledgedBytes, 0));
  const std::uint64_t taken = activity.sentBytes - std::min(waiting, activity.sentBytes);
  if (paced_ != Paced::output || activity.unacknowledgedBytes == 0) {
    pace_.start(taken, nowMs, limit);
    paced_ = Paced::output;
  }
  pace_.record(taken, nowMs, limit);
  return pace_.isTooSlow(nowMs);
}

}  // namespace h3::server
