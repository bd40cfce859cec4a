// The baselines of one scenario: one for all machines, and those of toolchains whose counts differ from it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "report/baseline.hpp"

namespace leakgate {

struct BaselineSet {
  std::optional<Baseline> plain;
  std::vector<Baseline> keyed;  ///< NAME@TOOLCHAIN.json

  bool empty() const { return !plain && keyed.empty(); }

  /// The one of the environment's toolchain, see toolchainFingerprint(); else the plain one; nullptr without one.
  /// What decides is the environment inside a file, not its name.
  const Baseline* of(const Environment& environment) const;

  void add(Baseline baseline, const std::filesystem::path& file);
};

/// Reads FOLDER/NAME.json and FOLDER/NAME@*.json. Errors: InputError.
BaselineSet readBaselineSet(const std::filesystem::path& folder, const std::string& scenario);

/// "FOLDER/NAME@TOOLCHAIN.json".
std::filesystem::path keyedBaselineFile(const std::filesystem::path& folder, const std::string& scenario,
                                        const Environment& environment);

/// "NAME", as in a file name, of NAME.json and of NAME@TOOLCHAIN.json.
std::string scenarioOfBaseline(const std::filesystem::path& file);

}  // namespace leakgate
