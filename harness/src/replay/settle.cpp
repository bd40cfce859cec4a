#include "replay/settle.hpp"

#include <algorithm>
#include <thread>

#include "replay/steady_time.hpp"

namespace leakgate {
namespace {

constexpr std::uint64_t nsOf(std::chrono::nanoseconds time) {
  return static_cast<std::uint64_t>(time.count());
}

constexpr SettleTimes kLearningTimes{
    .quiet = std::chrono::milliseconds(20), .knownRate = {}, .newRate = std::chrono::milliseconds(300)};
constexpr std::chrono::milliseconds kMaxLearningTime{400};
constexpr double kSecondNs = 1e9;

// A rate is steady when, of so many equal intervals, the one with the most events has at most twice as many
// as the one with the fewest, and a few more: a timer fires once more or less in an interval.
constexpr std::uint64_t kStretches = 4;
constexpr std::uint64_t kSpareEvents = 4;
constexpr double kSameRate = 1.5;

std::uint64_t difference(std::uint64_t a, std::uint64_t b) { return a > b ? a - b : b - a; }

bool sameCounts(Activity a, const Activity& b) {
  a.runs = b.runs;
  return a == b;
}

}  // namespace

std::uint64_t eventsBetween(const Activity& before, const Activity& after) {
  return difference(before.memory.allocations, after.memory.allocations) +
         difference(before.memory.frees, after.memory.frees) +
         difference(before.descriptors, after.descriptors) + difference(before.threads, after.threads);
}

SettleWatch::SettleWatch(double knownRate, const SettleTimes& times)
    : knownRate_(knownRate),
      quietNs_(nsOf(times.quiet)),
      noEventsNs_(nsOf(times.noEvents)),
      knownRateNs_(nsOf(times.knownRate)),
      newRateNs_(nsOf(times.newRate)) {}

SettleWatch::State SettleWatch::observe(std::uint64_t nowNs, const Activity& activity) {
  if (readings_.empty()) {
    changedNs_ = ranNs_ = nowNs;
    readings_.push_back({nowNs, 0});
  } else {
    if (!sameCounts(activity, last_)) changedNs_ = nowNs;
    readings_.push_back({nowNs, readings_.back().events + eventsBetween(last_, activity)});
  }
  if (activity.runs) ranNs_ = nowNs;
  last_ = activity;
  while (readings_.size() > 2 && nowNs - readings_[1].ns >= newRateNs_) readings_.pop_front();
  if (isQuiet(nowNs)) return State::quiet;
  return hasKnownRate(nowNs) || holdsNewRate(nowNs) ? State::steady : State::unsettled;
}

double SettleWatch::eventsPerSecond() const {
  if (readings_.size() < 2) return 0;
  const auto& first = readings_.front();
  const auto& last = readings_.back();
  return static_cast<double>(last.events - first.events) * kSecondNs /
         static_cast<double>(std::max<std::uint64_t>(last.ns - first.ns, 1));
}

bool SettleWatch::isQuiet(std::uint64_t nowNs) const {
  if (nowNs - changedNs_ >= noEventsNs_) return true;
  return nowNs - std::max(changedNs_, ranNs_) >= quietNs_;
}

bool SettleWatch::hasKnownRate(std::uint64_t nowNs) const {
  if (knownRate_ == 0 || nowNs - readings_.front().ns < knownRateNs_) return false;
  const auto events = static_cast<double>(readings_.back().events - eventsUntil(nowNs - knownRateNs_));
  return events <= kSameRate * knownRate_ * static_cast<double>(knownRateNs_) / kSecondNs + kSpareEvents;
}

bool SettleWatch::holdsNewRate(std::uint64_t nowNs) const {
  if (nowNs - readings_.front().ns < newRateNs_) return false;
  std::uint64_t fewest = UINT64_MAX;
  std::uint64_t most = 0;
  for (std::uint64_t k = 0; k < kStretches; ++k) {
    const std::uint64_t startNs = nowNs - newRateNs_ + k * (newRateNs_ / kStretches);
    const std::uint64_t events = eventsUntil(startNs + newRateNs_ / kStretches) - eventsUntil(startNs);
    fewest = std::min(fewest, events);
    most = std::max(most, events);
  }
  return fewest > 0 && most <= 2 * fewest + kSpareEvents;
}

// Uses the last reading at or before that time; the first kept reading stands for all before it.
std::uint64_t SettleWatch::eventsUntil(std::uint64_t ns) const {
  const auto after =
      std::upper_bound(readings_.begin(), readings_.end(), ns,
                       [](std::uint64_t time, const Reading& reading) { return time < reading.ns; });
  return after == readings_.begin() ? after->events : std::prev(after)->events;
}

Settler::Settler() : clock_{steadyNowNs, [](auto time) { std::this_thread::sleep_for(time); }} {}

SettleResult Settler::waitWith(SettleWatch watch, const Read& read, std::chrono::milliseconds timeout) const {
  const std::uint64_t startNs = clock_.nowNs();
  for (;;) {
    Activity activity = read();
    activity.runs = activity.runs && !spins_;
    const std::uint64_t nowNs = clock_.nowNs();
    const auto state = watch.observe(nowNs, activity);
    const std::uint64_t elapsedNs = nowNs - startNs;
    if (state == SettleWatch::State::quiet) return {true, false, 0, elapsedNs};
    const bool steady = state == SettleWatch::State::steady;
    if (steady || elapsedNs >= nsOf(timeout)) return {steady, steady, watch.eventsPerSecond(), elapsedNs};
    clock_.sleep(kSettlePoll);
  }
}

void Settler::learn(const Read& read) {
  bool alwaysRuns = true;
  const auto readAndSee = [&] {
    const Activity activity = read();
    alwaysRuns = alwaysRuns && activity.runs;
    return activity;
  };
  const SettleResult result = waitWith(SettleWatch(0, kLearningTimes), readAndSee, kMaxLearningTime);
  if (result.steady) knownRate_ = result.eventsPerSecond;
  spins_ = alwaysRuns;
}

// Remembers the rate even if the target has not settled: the next checkpoint need not wait as long.
SettleResult Settler::wait(const Read& read, std::chrono::milliseconds timeout) {
  const SettleResult result = waitWith(SettleWatch(knownRate_), read, timeout);
  knownRate_ = result.eventsPerSecond;
  return result;
}

}  // namespace leakgate
