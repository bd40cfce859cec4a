// Makes a scenario of one step, and changes one thing of it.
#pragma once

#include <optional>

#include "scenario/scenario.hpp"
#include "trigger/variation.hpp"

namespace leakgate {

inline constexpr std::size_t kLongerBodyBytes = 1'000;
inline constexpr unsigned kManyConnections = 8;
inline constexpr unsigned kManyInFlight = 4;

/// The scenario with this step only. Any response is accepted, and there are no budgets.
Scenario onlyStep(const Scenario& scenario, std::size_t step);

/// Changes one thing; for withoutField and withField see header_fields.hpp. Nothing when that makes no
/// difference or no sense (a body where there is none; for raw bytes anything but how they are sent).
/// Precondition: one step, made by onlyStep().
std::optional<Scenario> varied(const Scenario& alone, Variation variation);

/// Whether each request of the step has its own connection.
bool closesConnection(const Scenario& scenario, const Step& step);

}  // namespace leakgate
