// Builds commits in a worktree and measures what was built.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "replay/progress.hpp"
#include "report/report.hpp"
#include "revisions/worktree.hpp"
#include "session/measure.hpp"

namespace leakgate {

/// How a commit is built and started.
struct RevisionPlan {
  Scenario scenario;                ///< the same for all commits; `file` is absolute
  std::string build;                ///< for a shell, at the top of the checkout
  std::string bin;                  ///< {bin}, relative to the top; "": leakgate's own folder
  std::vector<std::string> target;  ///< instead of the scenario's command; empty: that one
  std::chrono::seconds maxBuildTime{3'600};
};

/// What remains in the worktree from the commit built before.
enum class BuildFrom { previous, nothing };

/// Checks the commit out and builds it. Errors: BuildError, Interrupted.
void buildCommit(Worktree& worktree, const std::string& commit, BuildFrom from, const RevisionPlan& plan,
                 const std::stop_token& stop);

/// Measures what was built in a folder, as `leakgate run` there would: commit, source files and relative paths
/// are the folder's. Changes the working directory meanwhile. Errors: as Measurer::measure(); also MeasureError
/// when the run ended early.
Report measureIn(const std::filesystem::path& top, const RevisionPlan& plan, const MeasureOptions& options,
                 Progress& progress);

/// The scenario with the plan's target, and {bin} below that folder.
Scenario scenarioIn(const std::filesystem::path& top, const RevisionPlan& plan);

}  // namespace leakgate
