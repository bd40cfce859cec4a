#include "analysis/app_metrics.hpp"

#include <cmath>
#include <optional>
#include <string_view>

namespace leakgate {

namespace {

using Numbers = std::map<std::string, double>;

bool isWhole(double value) { return std::floor(value) == value; }

std::optional<double> rise(const Numbers& warm, const Numbers& last, const std::string& name) {
  const auto end = last.find(name);
  if (end == last.end()) return std::nullopt;
  const auto start = warm.find(name);
  const double from = start == warm.end() ? 0 : start->second;
  if (!isWhole(from) || !isWhole(end->second)) return std::nullopt;
  return end->second - from;
}

void addRatio(std::vector<Metric>& metrics, const std::string& name, double part, double whole) {
  if (whole <= 0) return;
  metrics.push_back({name, part / whole, "ratio", MetricKind::sampled, Direction::higher});
}

// `name`: "route_cache.hits" or "event_pool.acquired", the field that identifies the object.
void addRatioOf(std::vector<Metric>& metrics, const Numbers& warm, const Numbers& last,
                const std::string& name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string::npos) return;
  const std::string object = name.substr(0, dot);
  const std::string_view field = std::string_view(name).substr(dot + 1);
  const auto own = rise(warm, last, name);
  if (!own) return;
  if (field == "hits") {
    if (const auto misses = rise(warm, last, object + ".misses")) {
      addRatio(metrics, object + ".hit_ratio", *own, *own + *misses);
    }
  } else if (field == "acquired") {
    if (const auto reused = rise(warm, last, object + ".reused")) {
      addRatio(metrics, object + ".reuse_ratio", *reused, *own);
    }
  }
}

}  // namespace

std::vector<Metric> appMetrics(const Numbers& warm, const Numbers& last,
                               const std::map<std::string, Budget>& budgets) {
  std::vector<Metric> metrics;
  for (const auto& [name, value] : last) addRatioOf(metrics, warm, last, name);
  for (const auto& [name, value] : last) {
    if (const auto difference = rise(warm, last, name)) {
      metrics.push_back({"app." + name, *difference, "1", MetricKind::sampled, Direction::none});
    }
  }
  for (auto& metric : metrics) {
    if (budgets.contains(metric.name)) metric.kind = MetricKind::exact;
  }
  return metrics;
}

}  // namespace leakgate
