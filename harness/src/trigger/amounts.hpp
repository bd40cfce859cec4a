// How much grows per event, read off the experiments that a claim rests on.
#pragma once

#include "trigger/inference.hpp"

namespace leakgate {

/// Sets evidence, events and amounts from one experiment.
void measure(TriggerInference& result, const TriggerTable& table, const TriggerExperiment& e,
             std::uint64_t events);

/// Sets one amount for the steps that grow where it is the same in each, else their mean. Precondition: each
/// of `growing` has an experiment of its own; result.subject is one of them.
void measureSteps(TriggerInference& result, const TriggerTable& table,
                  const std::vector<std::size_t>& growing);

/// Sets what each byte of the subject's body adds, where it was made longer.
void addBodySize(TriggerInference& result, const TriggerTable& table);

}  // namespace leakgate
