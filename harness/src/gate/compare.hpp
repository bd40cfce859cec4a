// Compares two runs of one scenario, metric by metric.
#pragma once

#include <string>
#include <vector>

#include "report/baseline.hpp"
#include "report/report.hpp"

namespace leakgate {

enum class Change { same, better, worse, notCompared };

struct MetricChange {
  Metric before;
  Metric after;
  Change change = Change::same;
};

struct Comparison {
  std::vector<MetricChange> metrics;      ///< in both, with a direction, in the new report's order
  std::vector<std::string> missing;       ///< counts of the baseline that the new report lacks
  std::vector<NamedFinding> newFindings;  ///< without slowdowns: by fingerprint and number
  std::vector<KnownFinding> goneFindings;
  bool sameEnvironment = false;

  /// Whether an exact count or a measured spread got worse, or there is a new finding: these fail a diff.
  bool regressed() const;
};

/// A sampled metric changed when it differs by at least this share; the median latency also needs the two
/// runs' windows to differ by Mann-Whitney, p < 0.01, when both have them.
inline constexpr double kSampledEffect = 0.10;

/// Pure. Counts that are exact on both sides compare exactly, spreads by the range of repeated runs (see
/// tolerance.hpp). Growth at or below zero is never worse. Sampled metrics are compared only between equal
/// environment fingerprints. Precondition: both runs had the same requests.
Comparison compare(const Baseline& before, const Report& after);

/// How a count changed: an exact one by however little, a spread beyond its tolerance. Precondition: neither is
/// sampled.
Change countChange(const Metric& before, const Metric& after);

/// Whether two values of one count compare as spreads: the older one varies, or repeats of the newer one
/// varied.
bool isSpread(const Metric& before, const Metric& after);

/// "worse", "better", "same", "not compared".
std::string_view toString(Change change);

}  // namespace leakgate
