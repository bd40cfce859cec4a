// Computes how much grows per event, from the experiments that a claim is based on.
#pragma once

#include "trigger/inference.hpp"

namespace leakgate {

/// Sets evidence, events and amounts from one experiment.
void measure(TriggerInference& result, const TriggerTable& table, const TriggerExperiment& e,
             std::uint64_t events);

/// Sets one amount for all growing steps if it is the same in each, else their mean. Precondition: each of
/// `growing` has its own experiment; result.subject is one of them.
void measureSteps(TriggerInference& result, const TriggerTable& table,
                  const std::vector<std::size_t>& growing);

/// Sets the growth per byte of the subject's body, if an experiment made it longer.
void addBodySize(TriggerInference& result, const TriggerTable& table);

}  // namespace leakgate
