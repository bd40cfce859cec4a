// The course of a run: memory, work and latency, as small charts.
#pragma once

#include "html/markup.hpp"
#include "report/report.hpp"

namespace leakgate {

/// Charts of what was read at the checkpoints, against the measured requests: live bytes, resident memory,
/// allocations and CPU per request; descriptors and threads only if they changed. Nothing before two
/// checkpoints.
void addCourse(Markup& markup, const Report& report);

/// Latency by window, and a table of the steps.
void addLatency(Markup& markup, const Report& report);

}  // namespace leakgate
