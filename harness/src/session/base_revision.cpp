#include "session/base_revision.hpp"

#include <string_view>

#include "gate/suppressions.hpp"
#include "revisions/repository.hpp"
#include "scenario/load.hpp"
#include "session/named_files.hpp"

namespace leakgate {

namespace fs = std::filesystem;

namespace {

fs::path existingPartOf(const fs::path& folder) {
  fs::path existing = fs::weakly_canonical(folder);
  while (!fs::is_directory(existing)) existing = existing.parent_path();
  return existing;
}

// The files of one commit, by their paths in the working tree.
class CommitFiles {
 public:
  CommitFiles(const std::string& ref, const fs::path& folder)
      : repository_(existingPartOf(folder)), ref_(ref), commit_(repository_.commitOf(ref, "--base-ref")) {}

  /// All *.json of a folder.
  std::vector<fs::path> jsonFilesIn(const fs::path& folder) const {
    std::vector<fs::path> files;
    for (const auto& path : list(inRepository(folder) / "")) {
      if (path.extension() == ".json") files.push_back(folder / path.filename());
    }
    return files;
  }

  bool has(const fs::path& file) const { return !list(inRepository(file)).empty(); }

  std::string read(const fs::path& file) const {
    return gitIn(repository_.top(), {"cat-file", "blob", commit_ + ":" + inRepository(file).string()});
  }

  /// For messages: "origin/main:scenarios/login.json".
  std::string nameOf(const fs::path& file) const { return ref_ + ":" + inRepository(file).string(); }

 private:
  fs::path inRepository(const fs::path& path) const {
    const fs::path relative = fs::weakly_canonical(path).lexically_relative(fs::canonical(repository_.top()));
    if (!relative.empty() && *relative.begin() != "..") return relative;
    throw InputError("--base-ref", "", path.string() + ", which is not in " + repository_.top().string(),
                     "a path in the repository of the scenarios");
  }

  std::vector<fs::path> list(const fs::path& path) const {
    std::vector<std::string> command{"ls-tree", "-z", "--name-only", "--full-tree", commit_};
    if (path != "./") command.push_back(path.string());  // the top itself
    const std::string output = gitIn(repository_.top(), std::move(command));
    std::vector<fs::path> paths;
    for (std::string_view rest = output; !rest.empty();) {
      const auto end = rest.find('\0');
      paths.emplace_back(rest.substr(0, end));
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    return paths;
  }

  Repository repository_;
  std::string ref_;
  std::string commit_;
};

}  // namespace

const Baseline* BaseRevision::baselineOf(const std::string& scenario, const Environment& environment) const {
  const auto found = baselines.find(scenarioOfBaseline(jsonFileOf("", scenario)));
  return found == baselines.end() ? nullptr : found->second.of(environment);
}

BaseRevision readBaseRevision(const std::string& ref, const BaseFolders& folders) {
  const CommitFiles files(ref, folders.scenarios);
  BaseRevision base;
  base.ref = ref;
  for (const auto& file : files.jsonFilesIn(folders.scenarios)) {
    Scenario scenario = parseScenario(files.read(file), files.nameOf(file));
    base.scenarios.emplace(scenario.name, std::move(scenario));
  }
  for (const auto& file : files.jsonFilesIn(folders.baselines)) {
    base.baselines[scenarioOfBaseline(file)].add(parseBaseline(files.read(file), files.nameOf(file)), file);
  }
  if (!folders.suppressions.empty() && files.has(folders.suppressions)) {
    base.suppressions =
        parseSuppressions(files.read(folders.suppressions), files.nameOf(folders.suppressions));
  }
  return base;
}

}  // namespace leakgate
