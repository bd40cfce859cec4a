// Judges two sides by the starts of their processes.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/metric.hpp"
#include "analysis/statistics.hpp"

namespace leakgate {

/// What two starts of each side read in one round, in the order of their starts.
struct RoundReadings {
  std::array<double, 2> a{};
  std::array<double, 2> b{};
};

/// One metric over all rounds. Readings are above zero.
struct SideReadings {
  std::string metric;
  std::string unit;
  Direction direction = Direction::lower;
  std::vector<RoundReadings> rounds;
};

enum class SideVerdict { better, worse, same, cannotTell };

struct ComparisonRule {
  double alpha = 0.01;       ///< probability of a false "better" or "worse", over all metrics together
  double withinPercent = 1;  ///< a change below this is "same"
};

/// The change from side a to side b, in percent.
struct SideChange {
  std::string metric;
  std::string unit;
  double a = 0;  ///< median of all starts
  double b = 0;
  double percent = 0;
  Interval interval;  ///< of `percent`, confidence 1 - alpha; infinite at both ends with too few rounds
  double p = 1;       ///< adjusted for the number of metrics
  SideVerdict verdict = SideVerdict::cannotTell;
  bool mayBeLayout = false;  ///< "cannot tell" because the code's layout alone may have done it
};

struct SideComparison {
  std::vector<SideChange> changes;  ///< in the order of the readings
  SideChange control;
  bool controlMoved = false;    ///< then every verdict is "cannot tell"
  unsigned sameSideAlarms = 0;  ///< comparisons of a side with itself that differed
  unsigned sameSideTests = 0;
};

/// Pure. The unit is the start of a process: a round's difference is that of the means of its two starts a
/// side, as logarithms, and the rounds are tested by Wilcoxon's signed ranks, all metrics together by Holm.
///
/// same: the interval lies within rule.withinPercent. better, worse: else, where the adjusted p is below
/// alpha. cannotTell: neither. The `control` is something that no side can move: where it differs, nothing is
/// judged. Each side's first starts are also compared with its second ones, by the same rule. Source of the
/// unit: T. Kalibera, R. Jones, "Rigorous benchmarking in reasonable time", 2013.
SideComparison compareSides(std::span<const SideReadings> readings, const SideReadings& control,
                            const ComparisonRule& rule);

/// The logarithm of b / a of each round.
std::vector<double> sideDifferences(std::span<const RoundReadings> rounds);

/// Whether a control reading is close enough to the median of all for the start beside it to count.
bool isQuiet(double control, double medianControl);

/// The largest change of a time that another order of linking alone has been seen to make, in percent.
inline constexpr double kLayoutPercent = 3;

/// Whether a change is "better" or "worse" by so little that the layout of the code may be the reason. Memory is
/// not moved by it.
bool isWithinLayout(const SideChange& change);

std::string_view toString(SideVerdict verdict);

}  // namespace leakgate
