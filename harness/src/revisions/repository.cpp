#include "revisions/repository.hpp"

#include <charconv>
#include <map>
#include <sstream>

#include "revisions/child_command.hpp"
#include "scenario/input_error.hpp"

namespace leakgate {

namespace {

constexpr std::size_t kShortHash = 12;

std::vector<std::string> linesOf(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// A hook of the user's could change files of the repository, a status refresh its index.
ChildEnd runGit(const std::filesystem::path& folder, std::vector<std::string> arguments,
                const std::stop_token& stop = {}) {
  const std::vector<std::string> start{"git", "--no-optional-locks",      "-c", "core.hooksPath=/dev/null",
                                       "-c",  "advice.detachedHead=false"};
  arguments.insert(arguments.begin(), start.begin(), start.end());
  return runToEnd({std::move(arguments), folder}, stop);
}

// "3f2a... (HEAD -> main, dist=17)".
Suspect suspectOf(const std::string& line) {
  constexpr std::string_view kDistance = "dist=";
  Suspect suspect{line.substr(0, line.find(' ')), 0};
  const auto at = line.rfind(kDistance);
  if (at != std::string::npos)
    std::from_chars(line.data() + at + kDistance.size(), line.data() + line.size(), suspect.distance);
  return suspect;
}

std::vector<std::string> range(const std::string& bad, const std::vector<std::string>& good) {
  std::vector<std::string> words{bad, "--not"};
  words.insert(words.end(), good.begin(), good.end());
  return words;
}

}  // namespace

std::string gitIn(const std::filesystem::path& folder, std::vector<std::string> arguments,
                  const std::stop_token& stop) {
  const std::string name = arguments.front();
  ChildEnd end = runGit(folder, std::move(arguments), stop);
  if (end.status != 0)
    throw InputError("git " + name + " in " + folder.string() + ": " +
                     end.errors.substr(0, end.errors.find('\n')));
  if (end.output.ends_with('\n')) end.output.pop_back();
  return std::move(end.output);
}

Repository::Repository(const std::filesystem::path& folder) {
  const ChildEnd end = runGit(folder, {"rev-parse", "--show-toplevel"});
  top_ = end.output.substr(0, end.output.find('\n'));
  if (end.status == 0 && !top_.empty()) return;
  throw InputError(folder.string(), "", "no working tree of git", "a folder of the project's repository",
                   "call leakgate there");
}

std::string Repository::git(std::vector<std::string> arguments) const {
  return gitIn(top_, std::move(arguments));
}

std::string Repository::commitOf(const std::string& revision, const std::string& option) const {
  const ChildEnd end =
      runGit(top_, {"rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}"});
  if (end.status == 0) return end.output.substr(0, end.output.find('\n'));
  throw InputError(option, "", "\"" + revision + "\"", "a commit, branch or tag of " + top_.string(),
                   "a shallow clone lacks old ones: git fetch --unshallow --tags");
}

bool Repository::isAncestor(const std::string& ancestor, const std::string& commit) const {
  return runGit(top_, {"merge-base", "--is-ancestor", ancestor, commit}).status == 0;
}

std::string Repository::mergeBase(const std::string& a, const std::string& b) const {
  const ChildEnd end = runGit(top_, {"merge-base", a, b});
  return end.output.substr(0, end.output.find('\n'));
}

std::string Repository::parentOf(const std::string& commit) const {
  const ChildEnd end = runGit(top_, {"rev-parse", "--verify", "--quiet", commit + "^1"});
  return end.output.substr(0, end.output.find('\n'));
}

std::vector<Suspect> Repository::suspects(const std::string& bad,
                                          const std::vector<std::string>& good) const {
  std::vector<std::string> measured{"rev-list", "--bisect-all"};
  std::vector<std::string> ordered{"rev-list", "--topo-order"};
  for (const std::string& word : range(bad, good)) {
    measured.push_back(word);
    ordered.push_back(word);
  }
  std::map<std::string, std::uint64_t> distances;
  for (const std::string& line : linesOf(git(std::move(measured)))) {
    const Suspect suspect = suspectOf(line);
    distances[suspect.commit] = suspect.distance;
  }
  std::vector<Suspect> suspects;
  for (const std::string& commit : linesOf(git(std::move(ordered))))
    suspects.push_back({commit, distances[commit]});
  return suspects;
}

CommitSummary Repository::summary(const std::string& commit) const {
  const auto lines = linesOf(git({"show", "--no-patch", "--no-show-signature", "--date=short",
                                  "--format=%H%n%an <%ae>%n%ad%n%s", commit}));
  CommitSummary summary;
  if (lines.size() > 0) summary.hash = lines[0];
  if (lines.size() > 1) summary.author = lines[1];
  if (lines.size() > 2) summary.date = lines[2];
  if (lines.size() > 3) summary.subject = lines[3];
  summary.files = linesOf(git({"show", "--no-color", "--no-show-signature", "--format=", "--stat=76",
                               "--first-parent", "-m", commit}));
  return summary;
}

std::string shortHash(const std::string& commit) { return commit.substr(0, kShortHash); }

}  // namespace leakgate
