#include "trigger/counts.hpp"

#include <algorithm>
#include <cmath>

namespace leakgate {

namespace {

constexpr double kCountDeviations = 3;

}  // namespace

bool explainsGrowth(const TriggerTable& table, ExperimentCount count) {
  double units = 0, events = 0;
  bool differs = false, exact = true;
  std::vector<const TriggerExperiment*> rows;
  for (const auto& e : table.experiments()) {
    if (!e.measured() || table.falls(e)) continue;
    rows.push_back(&e);
    units += static_cast<double>(table.rise(e));
    events += static_cast<double>(e.*count);
    differs = differs || 5 * (e.*count) < 3 * e.requests;
    exact = exact && (table.rise(e) == 0 || table.isExact(e, e.work));
  }
  if (units <= 0 || events <= 0 || !differs) return false;
  const double slope = units / events;
  bool amountsDiffer = exact;
  std::int64_t most = 0, least = INT64_MAX;
  for (const auto* e : rows) {
    const double expected = slope * static_cast<double>(e->*count);
    const double byChance = exact ? 0 : kCountDeviations * std::sqrt(expected);
    const double apart = std::abs(static_cast<double>(table.rise(*e)) - expected);
    if (apart > 2 + kNothingShare * expected + byChance) return false;
    most = std::max(most, table.rise(*e));
    least = std::min(least, table.rise(*e));
    amountsDiffer = amountsDiffer || table.unitsDiffer(*e, *rows.front());
  }
  return amountsDiffer || (least <= 1 && static_cast<double>(most) >= kSureUnitsByChance);
}

const TriggerExperiment& experimentWithMost(const TriggerTable& table, ExperimentCount count) {
  const auto& all = table.experiments();
  return *std::max_element(all.begin(), all.end(), [&](const auto& a, const auto& b) {
    return a.measured() < b.measured() || (a.measured() == b.measured() && a.*count < b.*count);
  });
}

}  // namespace leakgate
