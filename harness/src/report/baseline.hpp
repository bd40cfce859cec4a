// The part of a report that later runs are compared with, and that is committed.
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
  std::string site{};  ///< for a part of a site's growth: the site's fingerprint; else ""

  friend bool operator==(const KnownFinding&, const KnownFinding&) = default;
};

/// Something that a gate lets pass now and did not before.
struct Loosening {
  std::string subject;   ///< metric, "step login", "suppression leak:SSL_new"
  std::string from;      ///< for people: "0 blocks"
  std::string to;        ///< "at most 3 blocks"
  std::string reason{};  ///< with its date, when it is known; not in the file

  friend bool operator==(const Loosening&, const Loosening&) = default;
};

/// One `accept` that loosened a baseline, or was given a reason.
struct AcceptEntry {
  std::string date;    ///< "2026-11-30", UTC
  std::string commit;  ///< of the checkout; "" outside of one
  std::string reason;  ///< one line
  std::vector<Loosening> loosened;

  friend bool operator==(const AcceptEntry&, const AcceptEntry&) = default;
};

/// Entries of a baseline's log: the oldest are dropped.
inline constexpr std::size_t kMaxLogEntries = 20;

struct Baseline {
  std::string scenarioName;
  std::string scenarioHash;
  Environment environment;
  unsigned runs = 0;            ///< it was made from; 0 in files of older versions
  std::vector<Metric> metrics;  ///< from a file: counts with a direction; from a report: all
  std::vector<KnownFinding>
      findings;  ///< without slowdowns, in the report's order; a fingerprint may occur more than once
  std::vector<AcceptEntry> log;        ///< the newest last; at most kMaxLogEntries in a file
  std::vector<LatencyWindow> windows;  ///< empty when read from a baseline file
  std::string workloadHash;  ///< of load and steps only, see workloadHashOf(); empty when read from a file
  std::string file;          ///< where it was read from
};

/// The baseline that `accept` writes: no time series, no sampled metrics, so that a diff of it shows what
/// changed.
Baseline reduce(const Report& report);

/// All of a report's metrics and windows, for comparing two reports.
Baseline asBaseline(const Report& report);

/// Identity of the requests, whatever the server: the scenario's hash without its target. diff can compare
/// two builds of a server, although each has its own command.
std::string workloadHashOf(const Scenario& scenario);

std::string toText(const Baseline& baseline);

/// Errors: InputError.
Baseline readBaseline(const std::filesystem::path& file);

/// The same from text; `fileName` is used in messages and as Baseline::file. Errors: InputError.
Baseline parseBaseline(std::string_view text, const std::string& fileName);

/// Refuses a partial report, as `accept` does: counts of fewer requests differ from those of a whole run
/// although the program is the same. Errors: InputError.
void requireWhole(const Report& report, const std::string& file);

/// Reads a baseline or the report of a whole run, or a page that carries one, distinguished by the field `schema`. Errors: InputError.
Baseline readBaselineOrReport(const std::filesystem::path& file);

}  // namespace leakgate
