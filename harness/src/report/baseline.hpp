// What a later run is compared with: the part of a report that is worth committing.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "report/report.hpp"

namespace leakgate {

inline constexpr std::string_view kBaselineSchema = "leakgate.baseline/1";

struct KnownFinding {
  std::string fingerprint;
  std::string text;    ///< for people; not compared
  std::string site{};  ///< fingerprint of the allocation site, of a part of its growth; "" otherwise

  friend bool operator==(const KnownFinding&, const KnownFinding&) = default;
};

struct Baseline {
  std::string scenarioName;
  std::string scenarioHash;
  Environment environment;
  unsigned runs = 0;            ///< that it was made of; 0 in files of older versions
  std::vector<Metric> metrics;  ///< from a file: counts with a direction; from a report: all
  std::vector<KnownFinding>
      findings;  ///< but slowdowns, in the report's order; a fingerprint may come more than once
  std::vector<LatencyWindow> windows;  ///< empty when read from a baseline file
  std::string workloadHash;  ///< of load and steps alone, see workloadHashOf(); empty when read from a file
  std::string file;          ///< where it was read from
};

/// The baseline that `accept` writes: no time series, no sampled metrics, so that a diff of it shows what
/// changed.
Baseline reduce(const Report& report);

/// All of a report's metrics and windows, for comparing two reports.
Baseline asBaseline(const Report& report);

/// Identity of what was asked, whatever answered: the scenario's hash without its target. Two builds of a
/// server may be compared by diff, though each has its own command.
std::string workloadHashOf(const Scenario& scenario);

std::string toText(const Baseline& baseline);

/// Errors: InputError.
Baseline readBaseline(const std::filesystem::path& file);

/// Refuses a partial report, as `accept` does: the counts of fewer requests differ from those of a whole run
/// though the program does not. Errors: InputError.
void requireWhole(const Report& report, const std::string& file);

/// Reads a baseline or the report of a whole run, told apart by the field `schema`.
/// Errors: InputError.
Baseline readBaselineOrReport(const std::filesystem::path& file);

}  // namespace leakgate
