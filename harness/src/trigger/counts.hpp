// Counts of an experiment that its growth may follow, whatever the requests are.
#pragma once

#include "trigger/experiment.hpp"

namespace leakgate {

/// TriggerExperiment::connections or ::threads.
using ExperimentCount = std::uint64_t TriggerExperiment::*;

/// Whether growth is the same multiple of the count in every experiment, and the count was 0 in some, or
/// clearly less than one per request: otherwise the count explains no more than the requests do. Where chance
/// decides, rows with another growth per request tell the two apart.
bool explainsGrowth(const TriggerTable& table, ExperimentCount count);

/// The measured experiment with the highest count. Precondition: there are experiments.
const TriggerExperiment& experimentWithMost(const TriggerTable& table, ExperimentCount count);

}  // namespace leakgate
