// Waiting until the target stands still, or does no more than it does by itself.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>

#include "region/snapshot.hpp"

namespace leakgate {

/// What must not change: a target at rest allocates nothing, opens nothing, starts nothing.
struct Activity {
  MemoryTotals memory;
  std::uint64_t descriptors = 0;
  std::uint64_t threads = 0;
  std::uint64_t processes = 0;
  std::uint64_t zombies = 0;
  bool runs = false;  ///< a thread is on a processor, or waits for one: it is about to do something

  friend bool operator==(const Activity&, const Activity&) = default;
};

/// Allocations, frees, and changes of the number of descriptors and threads from one reading to the next.
std::uint64_t eventsBetween(const Activity& before, const Activity& after);

inline constexpr std::chrono::milliseconds kSettlePoll{5};

/// How long something must be seen before it counts.
struct SettleTimes {
  std::chrono::milliseconds quiet{50};       ///< nothing changed, and no thread runs
  std::chrono::milliseconds noEvents{500};   ///< nothing changed, whatever runs: it spins
  std::chrono::milliseconds knownRate{250};  ///< no more than the target's own rate
  std::chrono::milliseconds newRate{1'000};  ///< a steady rate seen for the first time: a backlog ends
};

struct SettleResult {
  bool settled = false;        ///< false: it still changed, at no steady rate, at the timeout
  bool steady = false;         ///< settled at a steady rate of activity, not at rest
  double eventsPerSecond = 0;  ///< that rate
  std::uint64_t elapsedNs = 0;
};

/// Judges readings of the activity, one after the other.
///
/// The target is quiet when nothing changed for a while and its threads sleep: on a loaded machine one that
/// has work to do may wait for a processor for longer than that. One with a timer or a heartbeat never is:
/// then a steady rate of events is enough. Memory: the readings of times.newRate.
class SettleWatch {
 public:
  enum class State { unsettled, quiet, steady };

  /// `knownRate`: events a second that the target makes without requests; 0 when it was quiet.
  explicit SettleWatch(double knownRate, const SettleTimes& times = {});

  /// Times rise from call to call.
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
  std::uint64_t changedNs_ = 0;  ///< the counts
  std::uint64_t ranNs_ = 0;
  std::deque<Reading> readings_;
};

/// Waits for a target to settle, checkpoint after checkpoint, and remembers the rate of what it does by
/// itself.
class Settler {
 public:
  using Read = std::function<Activity()>;

  /// What time it is and how to let it pass, so that tests need not wait.
  struct Clock {
    std::function<std::uint64_t()> nowNs;
    std::function<void(std::chrono::milliseconds)> sleep;
  };

  Settler();
  explicit Settler(Clock clock) : clock_(std::move(clock)) {}

  /// Before the first request: the rate of a target that does something by itself, and whether it spins. 20
  /// ms when it is quiet, 400 ms at most. What `read` throws passes.
  void learn(const Read& read);

  /// Reads every kSettlePoll until the target has settled, or until the timeout. What `read` throws passes.
  SettleResult wait(const Read& read, std::chrono::milliseconds timeout);

 private:
  SettleResult waitWith(SettleWatch watch, const Read& read, std::chrono::milliseconds timeout) const;

  Clock clock_;
  double knownRate_ = 0;
  bool spins_ = false;  ///< its threads run without requests
};

}  // namespace leakgate
