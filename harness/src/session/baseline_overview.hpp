// What the baselines of a folder hold, and what they could hold.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "report/baseline.hpp"

namespace leakgate {

/// A limit that is looser than what was measured last.
struct Slack {
  std::string metric;
  std::string limit;     ///< "4 blocks" of the baseline; "at most 5 blocks" of a budget
  std::string measured;  ///< what it could be
};

struct BaselineState {
  std::string scenario;
  std::filesystem::path file;
  std::string toolchain;   ///< compiler and libc, of a baseline for these alone; else ""
  std::string date;        ///< of its last commit, "2026-11-30"; "" if it is in none
  std::string lastReason;  ///< of its log; ""
  bool measured = false;   ///< there is a report to compare with
  std::vector<Slack> slack;
};

struct BaselineOverview {
  std::vector<BaselineState> baselines;      ///< by file name
  std::vector<std::string> withoutBaseline;  ///< scenarios
  std::vector<std::string> withoutScenario;  ///< files of baselines
  std::vector<std::string> unusedSuppressions;
};

struct OverviewFolders {
  std::filesystem::path scenarios;
  std::filesystem::path baselines;
  std::filesystem::path reports;  ///< of the last gate; may be missing
};

/// Reads all three folders. Counts that vary have slack beyond their tolerance only; a report is compared with the
/// baselines of its own version of the scenario. Errors: InputError when a file cannot be read.
BaselineOverview baselineOverview(const OverviewFolders& folders);

}  // namespace leakgate
