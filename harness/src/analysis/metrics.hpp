// The numbers of a run, by name. reports/README.md explains each.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/cpu_growth.hpp"
#include "analysis/latency_drift.hpp"
#include "analysis/metric.hpp"
#include "analysis/site_growth.hpp"
#include "replay/run_record.hpp"

namespace leakgate {

/// All metrics of a run, in a fixed order: memory, traffic, process, scopes, the target's own, sampled ones.
/// Memory metrics are absent at Depth::none, steady_allocations_per_request also without `sites`. Over the
/// planned blocks only, so they do not depend on extensions. Unexpected responses are of the whole run.
///
/// A count is exact here when the target stood still at every checkpoint: one run cannot show more. Repeated
/// runs: repeated_metrics.hpp.
std::vector<Metric> collectMetrics(const RunRecord& record, const std::optional<LatencyDrift>& drift,
                                   const std::vector<SiteGrowth>& sites = {},
                                   const std::optional<CpuGrowth>& cpu = std::nullopt);

/// Names that do not depend on the target: all but scope.*, statuses.*, app.* and the ratios of its own
/// counters.
std::vector<std::string> builtInMetricNames();

/// The metric of that name, or nullptr.
const Metric* findMetric(const std::vector<Metric>& metrics, std::string_view name);

}  // namespace leakgate
