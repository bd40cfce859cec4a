// Which experiments are worth their time, the most telling first.
#pragma once

#include <string>
#include <vector>

#include "analysis/trigger.hpp"

namespace leakgate {

struct PlannedExperiment {
  std::string name;
  std::size_t step = kAllSteps;  ///< kAllSteps: the whole mix
  Variation variation = Variation::none;
  Scenario scenario;  ///< what to replay
};

/// Steps that are tried alone: all of a scenario of usual size; of an imported log those that the findings
/// name, then the most frequent.
inline constexpr std::size_t kMaxStepsAlone = 24;

/// Each step alone.
std::vector<PlannedExperiment> planAlone(const Scenario& scenario, const std::vector<std::string>& named);

/// The steps mixed as they were, for when none grows alone.
PlannedExperiment planMix(const Scenario& scenario);

/// One thing changed at a time of the subject, a step that grows alone as `alone` says; and the traits of the
/// subject brought to `witness`, a step that does not grow (kAllSteps: there is none).
std::vector<PlannedExperiment> planVariations(const Scenario& scenario, const TriggerExperiment& alone,
                                              std::size_t witness);

/// A step that lends itself to having traits brought to it, among those that did not grow; kAllSteps when
/// there is none.
std::size_t chooseWitness(const Scenario& scenario, const std::vector<std::size_t>& steady);

/// Requests of each measured block so that every gauge rises by at least four units, 100, 100 and 200 at
/// least; a leak that would need more than kMaxTriggerRequests may stay unseen.
std::vector<std::uint64_t> blocksFor(const std::vector<Gauge>& gauges);
inline constexpr std::uint64_t kMaxTriggerRequests = 40'000;

}  // namespace leakgate
