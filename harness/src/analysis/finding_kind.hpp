// Properties of each kind of finding, in one table.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "analysis/finding.hpp"
#include "scenario/scenario.hpp"

namespace leakgate {

struct KindTraits {
  FindingKind kind;
  std::string_view name;                      ///< in reports
  std::string_view unit;                      ///< of `blocks`, for people, plural
  bool hasBytes;                              ///< `bytes` has a meaning
  std::array<std::string_view, 4> metricSet;  ///< "" where there are fewer

  /// Metrics by which its growth is budgeted.
  std::span<const std::string_view> metrics() const;
};

std::span<const KindTraits> allKinds();

const KindTraits& traitsOf(FindingKind kind);

/// Whether a budget of the scenario allows growth of this kind: its limit is above 0.
bool growthIsBudgeted(const Scenario& scenario, FindingKind kind);

}  // namespace leakgate
