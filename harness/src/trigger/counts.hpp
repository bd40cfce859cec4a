// Counts of an experiment that its growth may follow, whatever was asked.
#pragma once

#include "trigger/experiment.hpp"

namespace leakgate {

/// TriggerExperiment::connections or ::threads.
using ExperimentCount = std::uint64_t TriggerExperiment::*;

/// Whether growth is the same multiple of the count in every experiment, and some had none of it, or clearly
/// less than one a request: otherwise the count says no more than the requests do. Where chance decides they
/// are told apart by rows that do not grow by as much per request.
bool explainsGrowth(const TriggerTable& table, ExperimentCount count);

/// The measured experiment with the highest count. Precondition: there are experiments.
const TriggerExperiment& experimentWithMost(const TriggerTable& table, ExperimentCount count);

}  // namespace leakgate
