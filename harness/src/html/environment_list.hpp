// Where a run was measured, and what measuring it cost and missed.
#pragma once

#include "html/markup.hpp"
#include "report/report.hpp"

namespace leakgate {

void addEnvironment(Markup& markup, const Report& report);

void addSelfAudit(Markup& markup, const Report& report);

}  // namespace leakgate
