// What is measured of each commit, and on which side of the change it lies.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "report/report.hpp"

namespace leakgate {

/// Reads one figure of a report: a metric, or the growth of one finding.
class CommitGauge {
 public:
  static CommitGauge ofMetric(std::string name, std::string unit);

  /// What the finding adds per event (per second, if it follows time); 0 in a report without it. It is paired
  /// by fingerprint, then by similar call stacks, so that a rename on the way is the same leak.
  static CommitGauge ofFinding(NamedFinding finding);

  /// Nothing when the report cannot say: it lacks the metric, or growth at the finding's place was not decided.
  std::optional<double> read(const Report& report) const;

  /// The finding in that report; nullptr without one, or for a metric.
  const NamedFinding* findIn(const Report& report) const;

  /// "allocations_per_request", "growth of keep".
  std::string name() const;
  const std::string& unit() const { return unit_; }
  bool isMetric() const { return !finding_.has_value(); }

 private:
  std::string metric_;
  std::string unit_;
  std::optional<NamedFinding> finding_;
};

enum class Side { good, bad, unknown };

/// The limit between the readings of both ends.
///
/// Where every run of an end gave the same value the readings are exact: a commit is bad when it reads as the
/// bad end or beyond, or, twice alike, anything worse than the good end. Otherwise the gap between both ends
/// is cut in four: the outer quarters belong to the ends, in the middle a further reading decides, by the
/// median.
class CommitLimit {
 public:
  /// Nothing when the ends' readings overlap. Precondition: each has one at least.
  static std::optional<CommitLimit> between(std::span<const double> good, std::span<const double> bad);

  /// unknown: measure again; after kMaxReadings it stays unknown.
  Side sideOf(std::span<const double> readings) const;

  /// Whether a higher reading is the bad one.
  bool rises() const { return sign_ > 0; }
  bool exact() const { return exact_; }

 private:
  double sign_ = 1;
  bool exact_ = false;
  double good_ = 0;  ///< the worst reading of the good end, as if it rose
  double bad_ = 0;   ///< the best one of the bad end, as if it rose
};

inline constexpr unsigned kMaxReadings = 4;

}  // namespace leakgate
