// How long a connection may take in each phase.
#pragma once

#include <cstdint>

#include "h3http/config.hpp"
#include "session/session.hpp"

namespace h3::server {

/// Knows since when a connection has been in its phase, and when its client last took a byte.
///
/// Reads no clock: all times are the worker's, in milliseconds. Threads: one owner.
class ConnectionDeadlines {
 public:
  using Phase = session::Phase;

  enum class Action : std::uint8_t {
    none,
    expire,  ///< close, and count a timeout
    refuse,  ///< respond with 408, and count a timeout
    close    ///< the client had its time to read the last response
  };

  /// What the connection is doing when check() is called.
  struct Activity {
    Phase phase = Phase::idle;
    bool sending = false;             ///< output waits for the client
    std::uint64_t bodyBytesSeen = 0;  ///< of the request being read
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
  /// The client's time to take bytes runs from the last write, whether or not that was accepted.
  void recordWrite(std::uint64_t nowMs) { writeProgressMs_ = nowMs; }
  /// The kernel holds megabytes for a slow client and accepts more only when a third is gone: that a write
  /// makes no progress does not mean that the client takes nothing. `bytes`: sent and not acknowledged;
  /// negative: unknown.
  void recordUnacknowledged(int bytes, std::uint64_t nowMs);

  /// Returns what to do now. `Activity::phase` counts, as of its last followPhase().
  Action check(const Activity& activity, std::uint64_t nowMs) const;

 private:
  const TimeoutConfig* timeouts_;
  std::uint64_t phaseSinceMs_ = 0;
  std::uint64_t writeProgressMs_ = 0;
  int unacknowledgedBytes_ = 0;  ///< when last recorded
  Phase phase_ = Phase::idle;
};

}  // namespace h3::server
