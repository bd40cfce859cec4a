#include "gate/tolerance.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace leakgate {

namespace {

// The range of a few runs is smaller than that of many: the share of it that a further run may add.
double reachOf(unsigned runs) {
  if (runs >= 5) return 0.5;
  return runs >= 3 ? 1 : 3;
}

// The smallest change worth reporting: a share of the value, and a minimum in the metric's unit.
struct Effect {
  double share;
  double least;
};

Effect effectOf(const Metric& metric) {
  const std::string_view name = metric.name;
  if (name == "live_bytes_at_warm") return {0.3, 4096};
  if (name == "live_bytes_largest") return {0.01, 4096};
  if (name == "instructions_per_request") return {0.01, 1};
  if (name == "steady_allocations_per_request") return {0, 0.05};
  if (name.ends_with("allocations_per_request")) return {0, 0.5};
  if (name == "allocated_bytes_per_request") return {0.05, 64};
  if (name == "live_bytes_per_request") return {0.1, 1};
  if (name == "live_blocks_per_request") return {0.1, 0.01};
  if (metric.unit == "B") return {0.1, 4096};
  if (metric.unit == "blocks") return {0.1, 16};
  if (metric.unit == "ratio") return {0, 0.01};
  return {0, 2};
}

double effect(const Metric& metric) {
  const Effect effect = effectOf(metric);
  return std::max(effect.share * std::abs(metric.value), effect.least);
}

// For both ranges, lower is better.
bool exceeds(const Metric& before, const Spread& was, const Spread& now) {
  return now.low > was.high + std::max(effect(before), reachOf(was.runs) * (was.high - was.low));
}

Spread mirrored(const Spread& range) { return {range.runs, -range.high, -range.low}; }

bool lowerIsBetter(const Metric& metric) { return metric.direction == Direction::lower; }

}  // namespace

Spread rangeOf(const Metric& metric) {
  return metric.spread ? *metric.spread : Spread{1, metric.value, metric.value};
}

bool isGrowth(const Metric& metric) {
  const std::string_view name = metric.name;
  return name.ends_with("_growth") || (name.starts_with("live_") && name.ends_with("_per_request"));
}

bool beyondTolerance(const Metric& before, const Metric& after) {
  const Spread was = rangeOf(before);
  const Spread now = rangeOf(after);
  if (isGrowth(after) && now.low <= 0) return false;
  return lowerIsBetter(after) ? exceeds(before, was, now) : exceeds(before, mirrored(was), mirrored(now));
}

bool clearlyBetter(const Metric& before, const Metric& after) {
  const Spread was = rangeOf(before);
  const Spread now = rangeOf(after);
  return lowerIsBetter(after) ? exceeds(before, mirrored(was), mirrored(now)) : exceeds(before, was, now);
}

}  // namespace leakgate
