#include "trigger/experiment.hpp"

#include <algorithm>
#include <cmath>

namespace leakgate {

int TriggerExperiment::errorStatus() const {
  if (statuses.size() != 1) return 0;
  const int status = statuses.begin()->first;
  return status >= 400 ? status : 0;
}

void readExperiment(TriggerExperiment& experiment, const RunRecord& record,
                    const std::vector<Gauge>& gauges) {
  experiment.concurrency = record.scenario.load.connections;
  experiment.pipeline = record.scenario.load.pipeline;
  experiment.work = {0};
  for (std::size_t k = 1; k < record.checkpoints.size(); ++k) {
    const BlockTally& block = record.checkpoints[k].block;
    experiment.requests += block.requests;
    experiment.connections += block.connectionsOpened;
    for (const auto& [status, count] : block.statuses) experiment.statuses[status] += count;
    experiment.work.push_back(experiment.requests);
  }
  if (!record.checkpoints.empty()) {
    experiment.threads = record.checkpoints.back().memory.audit.threadsSeen -
                         record.checkpoints.front().memory.audit.threadsSeen;
  }
  for (const auto& gauge : gauges) experiment.growth.push_back(courseOf(gauge, record));
}

bool isExactShare(const Series& series, const Work& work, std::int64_t unit) {
  constexpr int kMaxDenominator = 16;
  if (!exactlyProportional(series, work, unit)) return false;
  const auto unitsAt = [&](std::size_t k) {
    return static_cast<double>(series[k]) / static_cast<double>(unit);
  };
  const double rate = unitsAt(series.size() - 1) / static_cast<double>(work.back());
  if (rate * kMaxDenominator <= 1) return true;
  for (int parts = 1; parts <= kMaxDenominator; ++parts) {
    const double share = std::round(rate * parts) / parts;
    bool fits = true;
    for (std::size_t k = 0; k < series.size(); ++k) {
      fits = fits && std::abs(unitsAt(k) - share * static_cast<double>(work[k])) < 1;
    }
    if (fits) return true;
  }
  return false;
}

const TriggerExperiment* TriggerTable::find(std::size_t step, Variation variation,
                                            const std::string& field) const {
  const auto found = std::find_if(experiments_.begin(), experiments_.end(), [&](const TriggerExperiment& e) {
    return e.step == step && e.variation == variation && e.field == field && e.measured();
  });
  return found == experiments_.end() ? nullptr : &*found;
}

const Series& TriggerTable::units(const TriggerExperiment& experiment) const {
  return unitsOf(experiment.growth[gauge_], of_);
}

std::int64_t TriggerTable::rise(const TriggerExperiment& experiment) const {
  if (!experiment.measured()) return 0;
  const Series& series = units(experiment);
  return series.empty() ? 0 : series.back() / of_.unit;
}

double TriggerTable::rate(const TriggerExperiment& experiment) const {
  if (experiment.requests == 0) return 0;
  return static_cast<double>(rise(experiment)) / static_cast<double>(experiment.requests);
}

bool TriggerTable::isExact(const TriggerExperiment& experiment, const Work& work) const {
  return isExactShare(units(experiment), work, of_.unit);
}

bool TriggerTable::growsAlone(const TriggerExperiment& experiment) const {
  if (rise(experiment) < kClearUnits) return false;
  const auto steps = intervals(units(experiment));
  const auto rising = std::count_if(steps.begin(), steps.end(), [](auto d) { return d > 0; });
  return rising + 1 >= static_cast<std::ptrdiff_t>(steps.size()) && rising >= 2;
}

bool TriggerTable::risesUnevenly(const TriggerExperiment& experiment) const {
  return rise(experiment) >= kClearUnits && !growsAlone(experiment);
}

bool TriggerTable::fallsClearly(const TriggerExperiment& experiment) const {
  if (!experiment.measured()) return false;
  const auto steps = intervals(units(experiment));
  return std::any_of(steps.begin(), steps.end(), [&](auto d) { return d <= -kClearUnits * of_.unit; });
}

bool TriggerTable::falls(const TriggerExperiment& experiment) const {
  return rise(experiment) < 0 || fallsClearly(experiment);
}

// A rise and falls of earlier blocks may cancel out.
bool TriggerTable::isObscured(const TriggerExperiment& experiment) const {
  if (falls(experiment)) return true;
  const Series& series = units(experiment);
  const bool changes = std::any_of(series.begin(), series.end(), [](auto value) { return value != 0; });
  return changes && std::any_of(experiments_.begin(), experiments_.end(),
                                [this](const TriggerExperiment& other) { return fallsClearly(other); });
}

Presence TriggerTable::presence(const TriggerExperiment& experiment, const ExpectedGrowth& expected) const {
  const double units = expected.perRequest * static_cast<double>(experiment.requests);
  const auto risen = static_cast<double>(rise(experiment));
  if (risen > std::max(1.0, kNothingShare * units)) {
    return 2 * risen >= units ? Presence::full : Presence::partial;
  }
  if (isObscured(experiment)) return Presence::unclear;
  const double sure = expected.exact ? kSureUnitsExact : kSureUnitsByChance;
  return units >= sure ? Presence::absent : Presence::unclear;
}

bool TriggerTable::isPresent(const TriggerExperiment& experiment, const ExpectedGrowth& expected) const {
  const Presence found = presence(experiment, expected);
  return found == Presence::partial || found == Presence::full;
}

// As a share of the larger amount.
double TriggerTable::tolerance(const TriggerExperiment& a, const TriggerExperiment& b) const {
  const auto requests = static_cast<double>(std::min(a.requests, b.requests));
  const double units = std::max(rate(a), rate(b)) * requests;
  if (units <= 0) return kNothingShare;
  double slack = std::max(2.0, kNothingShare * units);
  if (!isExact(a, a.work) || !isExact(b, b.work)) slack += kChanceDeviations * std::sqrt(2 * units);
  return slack / units;
}

bool TriggerTable::unitsDiffer(const TriggerExperiment& a, const TriggerExperiment& b) const {
  return std::abs(rate(a) - rate(b)) > tolerance(a, b) * std::max(rate(a), rate(b));
}

bool TriggerTable::bytesDiffer(const TriggerExperiment& a, const TriggerExperiment& b) const {
  if (a.requests == 0 || b.requests == 0) return false;
  const auto bytes = [this](const TriggerExperiment& e) {
    return static_cast<double>(course(e).byteRise()) / static_cast<double>(e.requests);
  };
  return std::abs(bytes(a) - bytes(b)) > tolerance(a, b) * std::max(bytes(a), bytes(b));
}

}  // namespace leakgate
