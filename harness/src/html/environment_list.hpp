// Where a run was measured, and what measuring it cost and missed.
#pragma once

#include <string>

#include "html/markup.hpp"
#include "report/report.hpp"

namespace leakgate {

/// "3f2a91c04b7d with changes"; "" without a commit.
std::string commitText(const Environment& environment);

void addEnvironment(Markup& markup, const Report& report);

void addSelfAudit(Markup& markup, const Report& report);

}  // namespace leakgate
