// The reasons of a verdict, each with the way to its finding.
#pragma once

#include "html/page.hpp"
#include "report/report.hpp"

namespace leakgate {

/// Adds failures, suspects and notes, the failures first.
void addReasons(Markup& markup, const Report& report, const PageContext& context);

}  // namespace leakgate
