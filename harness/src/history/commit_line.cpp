#include "history/commit_line.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <queue>
#include <sstream>
#include <utility>

#include "revisions/repository.hpp"
#include "scenario/input_error.hpp"

namespace leakgate {

namespace {

// The output of git in a folder; "" when it fails.
std::string git(const std::filesystem::path& folder, std::vector<std::string> arguments) {
  try {
    return gitIn(folder, std::move(arguments));
  } catch (const InputError&) {
    return "";
  }
}

bool isHash(const std::string& text) {
  return text.size() >= 7 && text.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
}

using Runs = std::vector<RunHeader>;

bool earlier(const RunHeader& a, const RunHeader& b) {
  return std::pair(a.startedAt, a.id) < std::pair(b.startedAt, b.id);
}

// The commits of the runs by time, but none before its parents: clocks of machines differ.
std::vector<std::string> lineByTime(std::span<const RunHeader> runs) {
  std::map<std::string, const CommitInfo*> commits;
  for (const RunHeader& run : runs) commits.emplace(run.commit.hash, &run.commit);
  std::map<std::string, std::vector<std::string>> children;
  std::map<std::string, std::size_t> waiting;
  for (const auto& [hash, commit] : commits) {
    for (const std::string& parent : commit->parents) {
      if (commits.count(parent) == 0) continue;
      children[parent].push_back(hash);
      ++waiting[hash];
    }
  }
  using Ready = std::pair<std::int64_t, std::string>;
  std::priority_queue<Ready, std::vector<Ready>, std::greater<>> ready;
  for (const auto& [hash, commit] : commits)
    if (waiting.count(hash) == 0) ready.emplace(commit->time, hash);
  std::vector<std::string> line;
  while (!ready.empty()) {
    line.push_back(ready.top().second);
    ready.pop();
    for (const std::string& child : children[line.back()])
      if (--waiting[child] == 0) ready.emplace(commits[child]->time, child);
  }
  return line;
}

}  // namespace

CommitInfo describeCommit(const std::filesystem::path& folder, const std::string& hash) {
  CommitInfo commit;
  commit.hash = hash;
  if (!isHash(hash)) return commit;
  std::istringstream words(git(folder, {"show", "-s", "--no-show-signature", "--format=%ct %P", hash, "--"}));
  words >> commit.time;
  for (std::string parent; words >> parent;) commit.parents.push_back(parent);
  return commit;
}

std::vector<std::string> firstParentLine(const std::filesystem::path& folder, const std::string& revision) {
  const bool valid = !revision.empty() && revision.front() != '-' &&
                     revision.find_first_of(" \t\n'\"\\;&|<>$`*?[:") == std::string::npos;
  if (!valid) throw InputError("--branch", "", "\"" + revision + "\"", "a revision of git, as HEAD or main");
  std::istringstream lines(git(folder, {"rev-list", "--first-parent",
                                        fmt::format("--max-count={}", kMaxLineCommits), revision, "--"}));
  std::vector<std::string> line;
  for (std::string hash; lines >> hash;) line.push_back(hash);
  std::reverse(line.begin(), line.end());
  return line;
}

OrderedRuns orderRuns(std::span<const RunHeader> runs, const std::vector<std::string>& line) {
  const auto positionsOf = [](const std::vector<std::string>& commits) {
    std::map<std::string, std::size_t> positions;
    for (std::size_t i = 0; i < commits.size(); ++i) positions[commits[i]] = i;
    return positions;
  };
  OrderedRuns ordered;
  auto positions = positionsOf(line);
  ordered.byGit = std::any_of(runs.begin(), runs.end(),
                              [&](const RunHeader& run) { return positions.count(run.commit.hash) != 0; });
  if (!ordered.byGit) positions = positionsOf(lineByTime(runs));
  for (const RunHeader& run : runs)
    if (positions.count(run.commit.hash) != 0) ordered.runs.push_back(run);
  ordered.elsewhere = runs.size() - ordered.runs.size();
  const auto position = [&](const RunHeader& run) { return positions[run.commit.hash]; };
  std::sort(ordered.runs.begin(), ordered.runs.end(), [&](const RunHeader& a, const RunHeader& b) {
    return position(a) != position(b) ? position(a) < position(b) : earlier(a, b);
  });
  for (std::size_t i = 0; i < ordered.runs.size(); ++i) {
    const bool same = i == 0 || ordered.runs[i].commit.hash == ordered.runs[i - 1].commit.hash;
    ordered.skipped.push_back(
        same || !ordered.byGit ? 0 : position(ordered.runs[i]) - position(ordered.runs[i - 1]) - 1);
  }
  return ordered;
}

}  // namespace leakgate
