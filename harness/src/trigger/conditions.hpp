// Under which conditions a step's growth comes, from the ways of sending it that were tried.
#pragma once

#include <vector>

#include "trigger/inference.hpp"

namespace leakgate {

/// Conditions that the table shows for the subject, a step that grows alone.
std::vector<TriggerCondition> conditionsOf(const TriggerTable& table, const TriggerExperiment& subject,
                                           const ExpectedGrowth& expected);

/// Whether a condition says that the experiment shows next to nothing.
bool excludes(const TriggerCondition& condition, const TriggerExperiment& experiment);

/// Each request had a connection of its own, but for a tenth.
bool hasConnectionPerRequest(const TriggerExperiment& experiment);

}  // namespace leakgate
