// The order of commits: by git where there is a checkout, else by their parents and times.
#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "history/history_store.hpp"

namespace leakgate {

/// What git knows of a commit; only the hash when there is no git, no checkout in `folder`, or no such
/// commit.
CommitInfo describeCommit(const std::filesystem::path& folder, const std::string& hash);

/// The commits of a branch by first parents, oldest first, at most kMaxLineCommits of the newest: what came
/// by a merge is one commit, so each commit contains the one before. Empty without a checkout.
/// Errors: InputError when `revision` has characters that no revision has.
std::vector<std::string> firstParentLine(const std::filesystem::path& folder, const std::string& revision);
inline constexpr std::size_t kMaxLineCommits = 100'000;

struct OrderedRuns {
  std::vector<RunHeader> runs;       ///< oldest commit first; runs of one commit by time
  std::vector<std::size_t> skipped;  ///< for each run: commits of the line since the previous run's
  std::size_t elsewhere = 0;         ///< runs of commits that are not on the line: left out
  bool byGit = false;
};

/// Puts runs in the order of `line`. When it has none of their commits, all runs stay, by the times of their
/// commits, but none before its parents.
OrderedRuns orderRuns(std::span<const RunHeader> runs, const std::vector<std::string>& line);

}  // namespace leakgate
