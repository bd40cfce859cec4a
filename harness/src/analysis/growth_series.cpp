#include "analysis/growth_series.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace leakgate {

namespace {

// A rise whose last intervals are below this share of its largest one is settling, not growing.
constexpr double kSettledShare = 0.1;

constexpr std::size_t kProofIntervals = 3;

// Log-likelihood ratio by which proportional growth must explain a small rise better than first-time
// allocations.
constexpr double kSureLikelihood = 3;

// Ratios are steady when neighbouring doublings differ by less than this share of the largest, beyond
// counting noise.
constexpr double kSteadyShare = 0.12;
constexpr std::size_t kSteadyDoublings = 4;

// A square root has 1.4, a logarithm 1.
constexpr double kOutgrowing = 1.15;

std::size_t risingCount(const std::vector<std::int64_t>& steps) {
  return static_cast<std::size_t>(std::count_if(steps.begin(), steps.end(), [](auto d) { return d > 0; }));
}

bool falls(const Series& series, const std::vector<std::int64_t>& steps) {
  const double allowed = kFallShare * static_cast<double>(std::max<std::int64_t>(series.back(), 0));
  return std::any_of(steps.begin(), steps.end(), [&](auto d) { return static_cast<double>(-d) > allowed; });
}

// Whether no rise is smaller than the one before, and the last is at least twice the first: a doubling
// buffer. A cache that fills up does the opposite.
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

// How much likelier the rise is when units come with the work than when each interval is equally likely.
double likelihoodOfWork(const Series& series, const Work& work, std::int64_t unit) {
  const auto steps = intervals(series);
  const auto all = static_cast<double>(work.back());
  double sum = 0;
  for (std::size_t k = 0; k < steps.size(); ++k) {
    const auto done = static_cast<double>(work[k + 1] - work[k]);
    if (steps[k] <= 0) continue;
    if (done == 0) return -std::numeric_limits<double>::infinity();
    sum += static_cast<double>(steps[k]) / static_cast<double>(unit) *
           std::log(done / all * static_cast<double>(steps.size()));
  }
  return sum;
}

// A logarithm adds the same in each doubling, a root grows by a constant factor; the ratio of a cache that
// fills up changes.
bool ratiosAreSteady(const std::vector<std::int64_t>& steps) {
  const std::size_t first = steps.size() > kSteadyDoublings ? steps.size() - kSteadyDoublings : 0;
  double least = std::numeric_limits<double>::infinity();
  double most = 0;
  double noise = 0;
  for (std::size_t k = first + 1; k < steps.size(); ++k) {
    if (steps[k] <= 0 || steps[k - 1] <= 0) return false;
    const auto before = static_cast<double>(steps[k - 1]);
    const auto now = static_cast<double>(steps[k]);
    least = std::min(least, now / before);
    most = std::max(most, now / before);
    noise = std::max(noise, 2 * now / before * std::sqrt(1 / before + 1 / now));
  }
  return most - least <= kSteadyShare * most + noise;
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

double perEvent(const Series& series, const Work& work) {
  return work.back() == 0 ? 0 : static_cast<double>(series.back()) / static_cast<double>(work.back());
}

bool exactlyProportional(const Series& series, const Work& work, std::int64_t unit) {
  if (series.size() < 2 || series.size() != work.size() || series.back() <= 0 || work.back() == 0)
    return false;
  // Between any two checkpoints floor() changes the rise by less than one unit: rise - unit < slope * work <
  // rise + unit. A slope that satisfies all pairs is the proof.
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
  if (series.size() < 2 || series.size() != work.size() || series.back() < kSureUnits * unit ||
      work.back() == 0) {
    return kNo;
  }
  if (series.back() < kNearUnits * unit && likelihoodOfWork(series, work, unit) < kSureLikelihood) return kNo;
  const double slope = static_cast<double>(series.back()) / static_cast<double>(work.back());
  const auto unitSize = static_cast<double>(unit);
  double worst = 0;
  for (std::size_t k = 1; k < series.size(); ++k) {
    const double expected = slope * static_cast<double>(work[k] - work[k - 1]);
    // Three standard deviations of a count: a leak that occurs at random (seeded) is a leak too.
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
  // Below eight units, first allocations of rarely taken branches look the same, unless each doubling adds
  // one.
  const bool enough = rising == steps.size() || (rising >= kProofIntervals && series.back() >= kSureUnits);
  const bool lasted = steps.size() >= kPlannedIntervals + kProofExtensions && enough;
  // Less than half the rise for twice the work: a cache of many keys is filling up.
  const bool halved = lasted && 2 * steps.back() < steps[steps.size() - 2];
  const bool goesOn =
      lasted && !halved && steps.back() > 0 && static_cast<double>(steps.back()) >= kSettledShare * largest;
  if (!goesOn) return Pattern::bounded;
  if (jumpsGrow(steps)) return Pattern::stepped;
  return ratiosAreSteady(steps) ? Pattern::slow : Pattern::bounded;
}

bool outgrowsLogarithm(const Series& series) {
  const auto steps = intervals(series);
  if (steps.size() < kSteadyDoublings) return true;
  const auto first = static_cast<double>(steps[steps.size() - kSteadyDoublings]);
  const auto last = static_cast<double>(steps.back());
  return first <= 0 || std::pow(last / first, 1.0 / (kSteadyDoublings - 1)) >= kOutgrowing;
}

bool mayStillRise(const Series& series) {
  const auto steps = intervals(series);
  if (steps.empty()) return false;
  // Below an earlier value: it has returned to where it was.
  const auto highest = *std::max_element(series.begin(), series.end() - 1);
  if (steps.back() > 0 && series.back() > highest) return true;
  // A doubling buffer can skip the last interval, because the warm-up makes that less than a doubling of the
  // work.
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
