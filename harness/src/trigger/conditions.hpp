// Finds the conditions of a step's growth, from the ways in which it was sent.
#pragma once

#include <vector>

#include "trigger/inference.hpp"

namespace leakgate {

/// The conditions that the table shows for the subject, a step that grows alone.
std::vector<TriggerCondition> conditionsOf(const TriggerTable& table, const TriggerExperiment& subject,
                                           const ExpectedGrowth& expected);

/// Whether a condition predicts that the experiment shows next to nothing.
bool excludes(const TriggerCondition& condition, const TriggerExperiment& experiment);

/// Whether the conditions explain why the amount per request depends on the connections.
bool explainsConnections(const std::vector<TriggerCondition>& conditions);

/// Whether the variation changes only how many requests a connection gets.
bool changesConnections(Variation variation);

/// Whether at least nine tenths of the requests had their own connection.
bool hasConnectionPerRequest(const TriggerExperiment& experiment);

}  // namespace leakgate
