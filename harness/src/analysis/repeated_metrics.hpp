// Combines the counts of repeated runs of one scenario.
#pragma once

#include <string>
#include <vector>

#include "analysis/metric.hpp"

namespace leakgate {

/// Sets the kind of each count in `metrics` (of the first run) by all runs: exact when every run had the same
/// value, otherwise a spread from the lowest to the highest. The value stays the first run's. Sampled metrics
/// stay as they are; live_bytes_at_warm and live_bytes_largest stay spreads. Without repeats nothing changes.
void addRepeats(std::vector<Metric>& metrics, const std::vector<std::vector<Metric>>& repeats);

/// Names of the counts that differ between two runs, or are missing in one.
std::vector<std::string> variedCounts(const std::vector<Metric>& a, const std::vector<Metric>& b);

/// Marks the counts of these names as spreads with an unknown interval.
void markVaried(std::vector<Metric>& metrics, const std::vector<std::string>& names);

}  // namespace leakgate
