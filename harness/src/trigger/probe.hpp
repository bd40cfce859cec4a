// The course of a trigger phase: which experiment comes next, given what those before have shown.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "trigger/plan.hpp"

namespace leakgate {

enum class ProbeStage {
  alone,   ///< each step alone, for which half of the time is kept
  varied,  ///< one thing changed of the steps that grow
};

/// Runs one experiment; returns false when no time is left for it. A failed one has a `problem`.
using RunExperiment =
    std::function<bool(const PlannedExperiment& planned, ProbeStage stage, TriggerExperiment& experiment)>;

struct ProbeResult {
  std::vector<TriggerExperiment> experiments;
  std::size_t stepsAlone = 0;  ///< steps that were planned alone
  bool complete = true;        ///< every planned experiment had its time
};

/// Steps that are varied, of all findings together: each costs a dozen experiments.
inline constexpr std::size_t kMaxSubjects = 3;

/// Each step alone; then, for the step that grows most by each gauge, one thing changed at a time; the header
/// fields one by one where they matter; the mix where nothing grows alone. A gauge whose bytes grow while its
/// number stays is made one by bytes. `named`: steps that findings name.
ProbeResult probe(const Scenario& scenario, const std::vector<std::string>& named, std::vector<Gauge>& gauges,
                  const RunExperiment& run);

}  // namespace leakgate
