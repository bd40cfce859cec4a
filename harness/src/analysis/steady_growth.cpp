#include "analysis/steady_growth.hpp"

#include <algorithm>

namespace leakgate {
namespace {

double rateOf(const Series& series, const Work& work, std::size_t first, std::size_t last) {
  const auto done = static_cast<double>(work[last] - work[first]);
  return done == 0 ? 0 : static_cast<double>(series[last] - series[first]) / done;
}

}  // namespace

double lateRate(const Series& series, const Work& work) {
  const std::size_t last = series.size() - 1;
  return rateOf(series, work, last - std::min(last, kLateIntervals), last);
}

bool risesSteadily(const Series& series, const Work& work, const SteadyLimits& limits) {
  if (series.size() != work.size() || series.size() < kPlannedIntervals + kProofExtensions + 1) return false;
  if (series.back() < limits.total) return false;
  const double mean = lateRate(series, work);
  const std::size_t last = series.size() - 1;
  for (std::size_t k = last + 1 - kLateIntervals; k <= last; ++k) {
    if (series[k] - series[k - 1] < limits.interval) return false;
    const double rate = rateOf(series, work, k - 1, k);
    if (rate < limits.leastOfMean * mean || rate > limits.mostOfMean * mean) return false;
  }
  return rateOf(series, work, last - 1, last) >= limits.lastOfMean * mean;
}

bool maySteadilyRise(const Series& series, const Work& work, const SteadyLimits& limits) {
  const std::size_t last = series.size() - 1;
  if (last < 2 || series.size() != work.size()) return false;
  if (series[last] - series[last - 1] < limits.interval) return false;
  // The rate halved while the work doubled: it fills up.
  const double before = rateOf(series, work, last - 2, last - 1);
  return rateOf(series, work, last - 1, last) >= before / 2;
}

}  // namespace leakgate
