// Scenarios, baselines and suppressions of another revision, read without a checkout.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "scenario/scenario.hpp"
#include "session/baseline_set.hpp"

namespace leakgate {

/// What the gate of that revision held its target to.
struct BaseRevision {
  std::string ref;                               ///< as the user wrote it: "origin/main"
  std::map<std::string, Scenario> scenarios;     ///< by name
  std::map<std::string, BaselineSet> baselines;  ///< by scenarioOfBaseline()
  std::vector<Suppression> suppressions;

  /// The baseline that it has for the scenario in this environment; nullptr without one.
  const Baseline* baselineOf(const std::string& scenario, const Environment& environment) const;
};

struct BaseFolders {
  std::filesystem::path scenarios;
  std::filesystem::path baselines;
  std::filesystem::path suppressions;  ///< "" for none
};

/// Reads them by git from the repository that the scenarios are in. A folder or file that the revision lacks is
/// empty. Errors: InputError when there is no repository or revision of this name, a path is outside of the
/// repository, or a file of the revision cannot be read as what it is.
BaseRevision readBaseRevision(const std::string& ref, const BaseFolders& folders);

}  // namespace leakgate
