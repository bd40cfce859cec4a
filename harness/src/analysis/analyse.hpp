// Turns a replay's record into findings. Pure: no clock, no files, no environment.
#pragma once

#include <optional>
#include <vector>

#include "analysis/cpu_growth.hpp"
#include "analysis/finding.hpp"
#include "analysis/latency_drift.hpp"
#include "analysis/metric.hpp"
#include "analysis/site_growth.hpp"
#include "replay/run_record.hpp"

namespace leakgate {

struct Analysis {
  std::vector<Metric> metrics;
  std::vector<Finding> findings;          ///< by kind, then the most bytes first
  std::vector<Observation> observations;  ///< the largest first
  std::vector<SiteGrowth> sites;          ///< all of them; empty at the depths none and count
  std::optional<LatencyDrift> drift;
  std::optional<CpuGrowth> cpu;
};

/// Judges the growth of every site, of descriptors, threads and mappings, of the CPU time per request, and
/// the drift of the latency.
///
/// A heap finding has a caller at the depths sites and stacks; at Depth::count, or when the shim's site table
/// was full and no site explains the totals, it has none.
Analysis analyse(const RunRecord& record);

bool hasFinding(const Analysis& analysis, FindingKind kind);

}  // namespace leakgate
