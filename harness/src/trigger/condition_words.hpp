// Writes the conditions that the experiments show, and their amounts.
#pragma once

#include <string>

#include "trigger/inference.hpp"

namespace leakgate {

/// "+1.000 blocks, +64 B", in the gauge's units.
std::string amountWords(const Gauge& gauge, double blocks, double bytes);

/// "37 in 400": the rise in the experiment, and its requests.
std::string amountIn(const TriggerTable& table, const TriggerExperiment& e);

/// ", status 404" if the responses differ from the other's; else "".
std::string statusWords(const TriggerExperiment& e, const TriggerExperiment& other);

/// "only when concurrent (0 in 400 alone, 37 in 400 with 8 connections)".
std::string conditionText(const TriggerTable& table, const TriggerCondition& condition);

/// For the field that the event already names: "not without it (0 in 400)".
std::string withoutItText(const TriggerTable& table, const TriggerCondition& condition);

/// How an experiment sent the request: "over one connection", "as HTTP/1.0".
std::string exceptionManner(const TriggerExperiment& e);

}  // namespace leakgate
