// One specimen, run several times, and the result.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "leakgate_run.hpp"
#include "manifest.hpp"

enum class SpecimenVerdict {
  asExpected,   ///< found as the manifest says, or clean and silent, in every run
  notYet,       ///< silent, as long as leakgate cannot see this leak
  wrong,        ///< missed, mislabelled, or a clean one flagged
  notMeasured,  ///< leakgate could not say, in at least one run
};

struct SpecimenResult {
  Specimen specimen;
  SpecimenVerdict verdict = SpecimenVerdict::asExpected;
  unsigned runs = 0;
  unsigned goodRuns = 0;
  double seconds = 0;                 ///< of all runs
  std::vector<nlohmann::json> found;  ///< by the first run that was not good, or else by the last
  std::vector<std::string> problems;  ///< of that run
};

/// Adds a run to the result.
void addRun(SpecimenResult& result, const LeakgateRun& run);

/// 0 when every leak was found and every clean one silent, 1 otherwise, 3 when something could not be
/// measured.
int exitCodeOf(const std::vector<SpecimenResult>& results);

/// A line for each finding, expected or not, and for each clean specimen.
std::string tableOf(const std::vector<SpecimenResult>& results);

nlohmann::json toJson(const std::vector<SpecimenResult>& results);
