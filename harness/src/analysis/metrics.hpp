// The numbers of a run, by name. reports/README.md explains each.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "analysis/latency_drift.hpp"
#include "analysis/metric.hpp"
#include "replay/run_record.hpp"

namespace leakgate {

/// All metrics of a run, in a fixed order: memory, traffic, process, scopes, the target's own, sampled ones.
/// Memory metrics are absent at Depth::none. The measured requests only: last checkpoint minus "warm".
std::vector<Metric> collectMetrics(const RunRecord& record, const std::optional<LatencyDrift>& drift);

/// The metric of that name, or nullptr.
const Metric* findMetric(const std::vector<Metric>& metrics, std::string_view name);

}  // namespace leakgate
