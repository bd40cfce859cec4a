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

/// Whether the conditions say why the amount per request is another one over other connections.
bool explainsConnections(const std::vector<TriggerCondition>& conditions);

/// Whether the variation changes how many requests a connection gets, and no more of the request than that.
bool changesConnections(Variation variation);

/// Each request had a connection of its own, but for a tenth.
bool hasConnectionPerRequest(const TriggerExperiment& experiment);

}  // namespace leakgate
