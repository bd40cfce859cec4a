// The header fields of a step: looked for, dropped and added, whatever the case of their names.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenario/scenario.hpp"

namespace leakgate {

using HeaderField = std::pair<std::string, std::string>;

/// The value of the first field of that name, which is in lower case; nullptr when there is none.
const std::string* fieldOf(const Step& step, std::string_view name);

/// name: in lower case.
void dropField(Step& step, std::string_view name);

/// The step's header fields that a request can do without, each name once: not Host, nor what frames the body
/// or the connection.
std::vector<std::string> droppableFields(const Step& step);

/// A scenario of one step, of onlyStep(), changed by one header field: without it, nothing when the step has
/// none of that name; with it, nothing when the step has one.
std::optional<Scenario> withoutField(const Scenario& alone, std::string_view name);
std::optional<Scenario> withField(const Scenario& alone, const HeaderField& field);

}  // namespace leakgate
