#include "analysis/growth_series.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace leakgate {

namespace {

// A rise that is over but for a rest below this share of its largest interval counts as settling, not as
// growth.
constexpr double kSettledShare = 0.1;

// Falls below this share of the total rise are noise.
constexpr double kFallShare = 0.05;

constexpr std::size_t kProofIntervals = 3;
constexpr std::int64_t kSureUnits = 8;

std::size_t risingCount(const std::vector<std::int64_t>& steps) {
  return static_cast<std::size_t>(std::count_if(steps.begin(), steps.end(), [](auto d) { return d > 0; }));
}

bool falls(const Series& series, const std::vector<std::int64_t>& steps) {
  const double allowed = kFallShare * static_cast<double>(std::max<std::int64_t>(series.back(), 0));
  return std::any_of(steps.begin(), steps.end(), [&](auto d) { return static_cast<double>(-d) > allowed; });
}

// No rise is smaller than the one before and the last is at least twice the first: a buffer that doubles. A
// cache that fills up does the opposite.
bool jumpsGrow(const std::vector<std::int64_t>& steps) {
  std::int64_t first = 0;
  std::int64_t before = 0;
  for (const auto d : steps) {
    if (d == 0) continue;
    if (d < before) return false;
    if (first == 0) first = d;
    before = d;
  }
  return first > 0 && before >= 2 * first;
}

}  // namespace

void aboveWarm(Series& series) {
  const std::int64_t warm = series.front();
  for (auto& value : series) value -= warm;
}

std::vector<std::int64_t> intervals(const Series& series) {
  std::vector<std::int64_t> steps;
  for (std::size_t k = 1; k < series.size(); ++k) steps.push_back(series[k] - series[k - 1]);
  return steps;
}

bool exactlyProportional(const Series& series, const Work& work, std::int64_t unit) {
  if (series.size() < 2 || series.size() != work.size() || series.back() <= 0 || work.back() == 0)
    return false;
  // Between any two checkpoints floor() moves the rise by less than one unit: rise - unit < slope * work <
  // rise + unit. A slope that satisfies all pairs at once is the proof.
  double low = 0;
  double high = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < series.size(); ++i) {
    for (std::size_t j = i + 1; j < series.size(); ++j) {
      const auto done = static_cast<double>(work[j] - work[i]);
      const std::int64_t rise = series[j] - series[i];
      if (done == 0) {
        if (std::abs(rise) >= unit) return false;
        continue;
      }
      low = std::max(low, static_cast<double>(rise - unit) / done);
      high = std::min(high, static_cast<double>(rise + unit) / done);
    }
  }
  return low < high;
}

double misfit(const Series& series, const Work& work, std::int64_t unit) {
  constexpr double kNo = std::numeric_limits<double>::infinity();
  if (series.size() < 2 || series.size() != work.size() || series.back() < kNearUnits * unit ||
      work.back() == 0) {
    return kNo;
  }
  const double slope = static_cast<double>(series.back()) / static_cast<double>(work.back());
  const auto unitSize = static_cast<double>(unit);
  double worst = 0;
  for (std::size_t k = 1; k < series.size(); ++k) {
    const double expected = slope * static_cast<double>(work[k] - work[k - 1]);
    // Three standard deviations of a count: a leak that happens by chance (seeded) is as much a leak.
    const double allowed = unitSize + 3 * std::sqrt(expected * unitSize) + kNearTolerance * expected;
    worst = std::max(worst, std::abs(static_cast<double>(series[k] - series[k - 1]) - expected) / allowed);
  }
  return worst;
}

bool risesThroughout(const Series& series, std::int64_t unit) {
  const auto steps = intervals(series);
  if (steps.empty() || steps.back() <= 0 || risingCount(steps) < kProofIntervals || falls(series, steps))
    return false;
  return series.back() >= kSureUnits * unit;
}

Pattern shapeOf(const Series& series) {
  const auto steps = intervals(series);
  const std::size_t rising = risingCount(steps);
  const bool moved = std::any_of(steps.begin(), steps.end(), [](auto d) { return d != 0; });
  if (!moved) return Pattern::flat;
  if (falls(series, steps)) return Pattern::sawtooth;
  if (rising <= 1) return Pattern::oneOff;
  const auto largest = static_cast<double>(*std::max_element(steps.begin(), steps.end()));
  // Under eight units a few first times of rarely taken branches look alike, unless each doubling brings one.
  const bool enough = rising == steps.size() || (rising >= kProofIntervals && series.back() >= kSureUnits);
  const bool lasted = steps.size() >= kPlannedIntervals + kProofExtensions && enough;
  // Twice the work for less than half the rise: a cache of many keys that is filling up.
  const bool halved = lasted && 2 * steps.back() < steps[steps.size() - 2];
  const bool goesOn =
      lasted && !halved && steps.back() > 0 && static_cast<double>(steps.back()) >= kSettledShare * largest;
  if (!goesOn) return Pattern::bounded;
  return jumpsGrow(steps) ? Pattern::stepped : Pattern::slow;
}

bool mayStillRise(const Series& series) {
  const auto steps = intervals(series);
  if (steps.empty()) return false;
  // Below an earlier value it has come back to where it was.
  const auto highest = *std::max_element(series.begin(), series.end() - 1);
  if (steps.back() > 0 && series.back() > highest) return true;
  // A doubling buffer can miss the last interval: the warm-up makes it less than a doubling of the work.
  return steps.size() >= 2 && steps[steps.size() - 2] > 0 && jumpsGrow(steps);
}

std::int64_t byteUnitOf(const Series& bytes, std::uint64_t allocations) {
  std::int64_t unit = 0;
  for (const auto rise : intervals(bytes)) unit = std::gcd(unit, rise);
  if (unit <= 0) return 1;
  const bool enough =
      static_cast<std::uint64_t>(std::max<std::int64_t>(bytes.back(), 0) / unit) <= allocations;
  return enough ? unit : 1;
}

}  // namespace leakgate
