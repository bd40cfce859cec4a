// Waits until the target stands still, or does no more than it does without requests.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>

#include "region/snapshot.hpp"

namespace leakgate {

/// Counts that must not change: a target at rest allocates nothing, opens nothing, starts nothing.
struct Activity {
  MemoryTotals memory;
  std::uint64_t descriptors = 0;
  std::uint64_t threads = 0;
  std::uint64_t processes = 0;
  std::uint64_t zombies = 0;
  bool runs = false;  ///< a thread is on a processor, or waits for one

  friend bool operator==(const Activity&, const Activity&) = default;
};

/// Allocations, frees, and changes of the number of descriptors and threads from one reading to the next.
std::uint64_t eventsBetween(const Activity& before, const Activity& after);

inline constexpr std::chrono::milliseconds kSettlePoll{5};

/// How long a state must last before it counts.
struct SettleTimes {
  std::chrono::milliseconds quiet{50};       ///< nothing changed, and no thread runs
  std::chrono::milliseconds noEvents{500};   ///< nothing changed although threads run: they spin
  std::chrono::milliseconds knownRate{250};  ///< no more than the target's own rate
  std::chrono::milliseconds newRate{1'000};  ///< a steady rate seen for the first time: a backlog would end
};

struct SettleResult {
  bool settled = false;        ///< false: it still changed, at no steady rate, at the timeout
  bool steady = false;         ///< settled at a steady rate of activity, not at rest
  double eventsPerSecond = 0;  ///< that rate
  std::uint64_t elapsedNs = 0;
};

/// Judges readings of the activity, one after the other.
///
/// The target is quiet when nothing changed for a while and its threads sleep: on a loaded machine a thread
/// with work may wait for a processor for longer than that. A target with a timer or a heartbeat is never
/// quiet: then a steady rate of events is enough. Memory: the readings of times.newRate.
class SettleWatch {
 public:
  enum class State { unsettled, quiet, steady };

  /// `knownRate`: the target's events per second without requests; 0 when it was quiet.
  explicit SettleWatch(double knownRate, const SettleTimes& times = {});

  /// Times must not decrease from call to call.
  State observe(std::uint64_t nowNs, const Activity& activity);

  /// Over the readings kept; 0 before the second one.
  double eventsPerSecond() const;

 private:
  struct Reading {
    std::uint64_t ns = 0;
    std::uint64_t events = 0;  ///< since the first one
  };

  bool isQuiet(std::uint64_t nowNs) const;
  bool hasKnownRate(std::uint64_t nowNs) const;
  bool holdsNewRate(std::uint64_t nowNs) const;
  std::uint64_t eventsUntil(std::uint64_t ns) const;

  const double knownRate_;
  const std::uint64_t quietNs_;
  const std::uint64_t noEventsNs_;
  const std::uint64_t knownRateNs_;
  const std::uint64_t newRateNs_;
  Activity last_;
  std::uint64_t changedNs_ = 0;  ///< when the counts last changed
  std::uint64_t ranNs_ = 0;
  std::deque<Reading> readings_;
};

/// Waits for a target to settle, checkpoint after checkpoint, and remembers the rate of its own activity.
class Settler {
 public:
  using Read = std::function<Activity()>;

  /// The time, and a way to wait; replaced in tests.
  struct Clock {
    std::function<std::uint64_t()> nowNs;
    std::function<void(std::chrono::milliseconds)> sleep;
  };

  Settler();
  explicit Settler(Clock clock) : clock_(std::move(clock)) {}

  /// Call before the first request: measures the target's own rate, and whether it spins. Takes 20 ms when
  /// the target is quiet, 400 ms at most. Exceptions of `read` pass through.
  void learn(const Read& read);

  /// Reads every kSettlePoll until the target has settled, or until the timeout. Exceptions of `read` pass
  /// through.
  SettleResult wait(const Read& read, std::chrono::milliseconds timeout);

 private:
  SettleResult waitWith(SettleWatch watch, const Read& read, std::chrono::milliseconds timeout) const;

  Clock clock_;
  double knownRate_ = 0;
  bool spins_ = false;  ///< its threads run without requests
};

}  // namespace leakgate
