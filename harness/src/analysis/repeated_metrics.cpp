#include "analysis/repeated_metrics.hpp"

#include <algorithm>

#include "analysis/metrics.hpp"

namespace leakgate {

namespace {

// What is live, as opposed to what grows, is compared with a tolerance even if it repeats: a few more bytes from
// the start on are no regression.
bool neverExact(const Metric& metric) {
  return metric.name == "live_bytes_at_warm" || metric.name == "live_bytes_largest";
}

void addRepeats(Metric& metric, const std::vector<std::vector<Metric>>& repeats) {
  Spread spread{1, metric.value, metric.value};
  for (const auto& run : repeats) {
    const Metric* again = findMetric(run, metric.name);
    if (again == nullptr) continue;
    ++spread.runs;
    spread.low = std::min(spread.low, again->value);
    spread.high = std::max(spread.high, again->value);
  }
  const bool agree = spread.low == spread.high && !neverExact(metric);
  metric.kind = agree ? MetricKind::exact : MetricKind::spread;
  metric.spread.reset();
  if (!agree) metric.spread = spread;
}

}  // namespace

void addRepeats(std::vector<Metric>& metrics, const std::vector<std::vector<Metric>>& repeats) {
  if (repeats.empty()) return;
  for (auto& metric : metrics) {
    if (metric.kind != MetricKind::sampled) addRepeats(metric, repeats);
  }
}

std::vector<std::string> variedCounts(const std::vector<Metric>& a, const std::vector<Metric>& b) {
  std::vector<std::string> names;
  const auto compareInto = [&](const std::vector<Metric>& from, const std::vector<Metric>& other,
                               bool values) {
    for (const auto& metric : from) {
      if (metric.kind == MetricKind::sampled || neverExact(metric)) continue;
      const Metric* again = findMetric(other, metric.name);
      if (again == nullptr || (values && again->value != metric.value)) names.push_back(metric.name);
    }
  };
  compareInto(a, b, true);
  compareInto(b, a, false);
  return names;
}

void markVaried(std::vector<Metric>& metrics, const std::vector<std::string>& names) {
  for (auto& metric : metrics) {
    const bool varied = std::find(names.begin(), names.end(), metric.name) != names.end();
    if (varied && metric.kind == MetricKind::exact) metric.kind = MetricKind::spread;
  }
}

}  // namespace leakgate
