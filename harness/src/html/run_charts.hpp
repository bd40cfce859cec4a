// The course of a run: memory, work and latency, as small charts.
#pragma once

#include <functional>
#include <string>

#include "html/line_chart.hpp"
#include "html/markup.hpp"
#include "report/report.hpp"

namespace leakgate {

/// What was read at a checkpoint.
using SeriesValue = std::function<double(const SeriesPoint&)>;

/// The value at each checkpoint, against the measured requests.
Curve courseOf(std::string name, const Report& report, const SeriesValue& value);

/// Charts of what was read at the checkpoints, against the measured requests: live bytes, resident memory,
/// allocations and CPU per request; descriptors and threads only if they changed. Nothing before two
/// checkpoints.
void addCourse(Markup& markup, const Report& report);

/// Latency by window, and a table of the steps.
void addLatency(Markup& markup, const Report& report);

}  // namespace leakgate
