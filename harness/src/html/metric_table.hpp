// All metrics of a run with baseline and budget.
#pragma once

#include "html/page.hpp"
#include "report/report.hpp"

namespace leakgate {

/// `baseline`: empty when there is none. Adds what was judged first; the target's own counters and other figures that nothing judges are folded.
void addMetrics(Markup& markup, const Report& report, const std::vector<Metric>& baseline);

}  // namespace leakgate
