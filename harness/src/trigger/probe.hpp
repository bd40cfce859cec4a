// Chooses the next experiment of a trigger phase by the results so far.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "trigger/plan.hpp"

namespace leakgate {

enum class ProbeStage {
  alone,   ///< each step alone, for which half of the time is reserved
  varied,  ///< one thing changed in the steps that grow
};

/// Runs one experiment; returns false when no time is left for it. A failed one has a `problem`.
using RunExperiment =
    std::function<bool(const PlannedExperiment& planned, ProbeStage stage, TriggerExperiment& experiment)>;

struct ProbeResult {
  std::vector<TriggerExperiment> experiments;
  std::size_t stepsAlone = 0;  ///< steps that were planned to run alone
  bool complete = true;        ///< there was time for every planned experiment
};

/// Maximum number of steps that are varied, for all findings together: each costs a dozen experiments.
inline constexpr std::size_t kMaxSubjects = 3;

/// Runs each step alone; then, for the step that grows most by each gauge, changes one thing at a time; the
/// header fields one by one where they matter; the mix if nothing grows alone. A gauge whose bytes grow while
/// its number stays becomes one by bytes. `named`: steps that findings name.
ProbeResult probe(const Scenario& scenario, const std::vector<std::string>& named, std::vector<Gauge>& gauges,
                  const RunExperiment& run);

}  // namespace leakgate
