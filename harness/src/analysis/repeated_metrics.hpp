// What repeated runs of one scenario say about its counts.
#pragma once

#include <string>
#include <vector>

#include "analysis/metric.hpp"

namespace leakgate {

/// Makes each count in `metrics`, which are the first run's, what all runs together say: exact when every run
/// had the same value, otherwise a spread from the lowest to the highest. The value stays the first run's.
/// Sampled metrics stay as they are, and live_bytes_at_warm stays a spread. Without repeats nothing changes.
void addRepeats(std::vector<Metric>& metrics, const std::vector<std::vector<Metric>>& repeats);

/// Names of the counts that differ between two runs, or that one of them lacks.
std::vector<std::string> variedCounts(const std::vector<Metric>& a, const std::vector<Metric>& b);

/// Marks the counts of these names as spreads whose interval is not known.
void markVaried(std::vector<Metric>& metrics, const std::vector<std::string>& names);

}  // namespace leakgate
