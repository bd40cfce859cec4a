// How long a connection may take in each phase.
#pragma once

#include <cstdint>

#include "h3http/config.hpp"
#include "server/pace.hpp"
#include "session/session.hpp"

namespace h3::server {

/// Follows the phase of a connection, and the pace of its client while a body arrives or output waits.
///
/// Reads no clock: all times are the worker's, in milliseconds. Threads: one owner.
class ConnectionDeadlines {
 public:
  using Phase = session::Phase;

  enum class Action : std::uint8_t {
    none,
    expire,  ///< close, and count a timeout
    reset,   ///< the client does not take its response: close, drop what is unsent, and count a timeout
    refuse,  ///< respond with 408, and count a timeout
    expireHandler,  ///< respond with 504 in place of the handler
    close           ///< the client had its time to read the last response
  };

  /// What the connection is doing when check() is called.
  struct Activity {
    Phase phase = Phase::idle;
    bool sending = false;             ///< output waits for the client
    bool awaitsHandler = false;       ///< a deferred handler is busy: it does not wait for its client
    std::uint64_t bodyBytesSeen = 0;  ///< of the request being read
    std::uint64_t sentBytes = 0;      ///< to this client, in all
    int unacknowledgedBytes = -1;     ///< those of them that it has not taken; negative: unknown
    bool handlerWaits = false;        ///< a deferred handler waits for its client
    std::uint32_t handlerMs = 0;      ///< the limit of a busy one; 0: none
  };

  explicit ConnectionDeadlines(const TimeoutConfig& timeouts) : timeouts_(&timeouts) {}

  /// A new connection.
  void start(std::uint64_t nowMs);
  /// The phase's time runs from its first call here.
  void followPhase(Phase phase, std::uint64_t nowMs) {
    if (phase == phase_) return;
    phase_ = phase;
    restartPhase(nowMs);
  }
  void restartPhase(std::uint64_t nowMs) { phaseSinceMs_ = nowMs; }
  /// A handler that reads or sends piece by piece has got on: its time begins again.
  void restartHandler(std::uint64_t nowMs) { handlerSinceMs_ = nowMs; }

  /// Returns what to do now. Call it regularly: between two calls, the client's pace is taken to be even.
  /// `Activity::phase` counts, as of its last followPhase().
  Action check(const Activity& activity, std::uint64_t nowMs);
  /// The client's pace at the last check(); Pace::kUnknown if that was its first.
  std::uint64_t bytesPerSecond() const {
    return paced_ == Paced::nothing ? Pace::kUnknown : pace_.bytesPerSecond();
  }

 private:
  enum class Paced : std::uint8_t { nothing, body, output };

  void excuseBody(std::uint64_t nowMs);
  bool bodyIsSlow(std::uint64_t bytes, std::uint64_t nowMs);
  bool outputIsSlow(const Activity& activity, std::uint64_t nowMs);

  const TimeoutConfig* timeouts_;
  std::uint64_t phaseSinceMs_ = 0;
  std::uint64_t handlerSinceMs_ = 0;
  std::uint64_t pacedSinceMs_ = 0;
  Pace pace_;
  Phase phase_ = Phase::idle;
  Paced paced_ = Paced::nothing;
};

}  // namespace h3::server
