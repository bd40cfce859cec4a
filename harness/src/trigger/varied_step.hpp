// One step of a scenario by itself, and the same with one thing changed.
#pragma once

#include <optional>

#include "scenario/scenario.hpp"
#include "trigger/variation.hpp"

namespace leakgate {

inline constexpr std::size_t kLongerBodyBytes = 1'000;
inline constexpr unsigned kManyConnections = 8;
inline constexpr unsigned kManyInFlight = 4;

/// The scenario with this step only. Any answer is right, and nothing is budgeted.
Scenario onlyStep(const Scenario& scenario, std::size_t step);

/// The same with one thing changed; not by withoutField and withField, see header_fields.hpp. Nothing when
/// that makes no difference or no sense (a body where there is none, anything about raw bytes but how they
/// are sent). Precondition: one step, of onlyStep().
std::optional<Scenario> varied(const Scenario& alone, Variation variation);

/// Whether each request of the step has a connection of its own.
bool closesConnection(const Scenario& scenario, const Step& step);

}  // namespace leakgate
