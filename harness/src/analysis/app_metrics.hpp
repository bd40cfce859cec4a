// Numbers that the target itself published (scenario field target.metrics), as metrics.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "analysis/metric.hpp"
#include "scenario/scenario.hpp"

namespace leakgate {

/// Flattened numbers at "warm" and at the end -> `app.<name>`: the difference, for whole numbers. An object
/// with `hits` and `misses` also gives `<object>.hit_ratio`, one with `acquired` and `reused` gives
/// `<object>.reuse_ratio`, over the same interval; a ratio is absent when its counts did not rise.
///
/// leakgate cannot know which of these depend on timing (how many reads a body took), so they are sampled,
/// except those that `budgets` name: a limit claims that the number is reliable.
std::vector<Metric> appMetrics(const std::map<std::string, double>& warm,
                               const std::map<std::string, double>& last,
                               const std::map<std::string, Budget>& budgets);

}  // namespace leakgate
