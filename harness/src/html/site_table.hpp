// The places that allocate most.
#pragma once

#include "html/markup.hpp"
#include "report/report.hpp"

namespace leakgate {

/// Adds the report's sites by allocations per request, the most first; all but the first few are folded.
void addSites(Markup& markup, const Report& report);

}  // namespace leakgate
