#include "session/baseline_set.hpp"

#include <algorithm>

#include "session/named_files.hpp"

namespace leakgate {

namespace fs = std::filesystem;

namespace {

// No name of a scenario has it in its file, see jsonFileOf().
constexpr char kBeforeToolchain = '@';

bool isKeyed(const fs::path& file) {
  return file.stem().string().find(kBeforeToolchain) != std::string::npos;
}

}  // namespace

const Baseline* BaselineSet::of(const Environment& environment) const {
  const std::string toolchain = toolchainFingerprint(environment);
  const auto own = std::find_if(keyed.begin(), keyed.end(), [&](const Baseline& baseline) {
    return toolchainFingerprint(baseline.environment) == toolchain;
  });
  if (own != keyed.end()) return &*own;
  return plain ? &*plain : nullptr;
}

void BaselineSet::add(Baseline baseline, const fs::path& file) {
  if (isKeyed(file)) {
    keyed.push_back(std::move(baseline));
  } else {
    plain = std::move(baseline);
  }
}

BaselineSet readBaselineSet(const fs::path& folder, const std::string& scenario) {
  const std::string name = scenarioOfBaseline(jsonFileOf(folder, scenario));
  BaselineSet set;
  for (const auto& file : jsonFilesIfAny(folder))
    if (scenarioOfBaseline(file) == name) set.add(readBaseline(file), file);
  return set;
}

fs::path keyedBaselineFile(const fs::path& folder, const std::string& scenario,
                           const Environment& environment) {
  const std::string name = scenarioOfBaseline(jsonFileOf(folder, scenario));
  return folder / (name + kBeforeToolchain + toolchainFingerprint(environment) + ".json");
}

std::string scenarioOfBaseline(const fs::path& file) {
  const std::string stem = file.stem().string();
  return stem.substr(0, stem.find(kBeforeToolchain));
}

}  // namespace leakgate
