// Finds, drops and adds header fields of a step, ignoring the case of their names.
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

/// The optional header fields of a step, each name once: not Host, nor the fields that frame the body or the
/// connection.
std::vector<std::string> droppableFields(const Step& step);

/// Changes a scenario of one step, made by onlyStep(), by one header field. Without it: nothing when the step
/// has no such field. With it: nothing when the step already has one.
std::optional<Scenario> withoutField(const Scenario& alone, std::string_view name);
std::optional<Scenario> withField(const Scenario& alone, const HeaderField& field);

}  // namespace leakgate
