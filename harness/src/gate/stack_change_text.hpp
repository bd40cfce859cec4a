// Writes which call stacks allocate more or less than before.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "gate/stack_changes.hpp"

namespace leakgate {

/// Stacks that are written out for a part; the rest is one line with their sum.
inline constexpr std::size_t kShownStackChanges = 10;

/// The change of the total, then the stacks, worst first, then one line each for the stacks that are not shown,
/// those that only moved, and what has no stack: the lines add up to the total. "" if nothing differs.
std::string stackChangesText(const PartChanges& part);

/// The same as a table, a row a stack with the line to blame and its caller.
std::string stackChangesMarkdown(const PartChanges& part);

/// All of it.
nlohmann::ordered_json stackChangesJson(const PartChanges& part);

}  // namespace leakgate
