// One finding: what grows, by how much, and where.
#pragma once

#include <cstddef>
#include <string>

#include "html/page.hpp"
#include "report/report.hpp"

namespace leakgate {

/// Adds the finding at `number` of the report: headline, evidence, source lines, trigger, growth, stacks.
void addFinding(Markup& markup, const Report& report, std::size_t number, const PageContext& context);

/// The id of that article: "finding-1" for number 0, behind the context's prefix.
std::string findingId(const PageContext& context, std::size_t number);

}  // namespace leakgate
