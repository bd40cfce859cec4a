// The baseline that `accept` makes of a report, and how it differs from the one that is there.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "report/baseline.hpp"

namespace leakgate {

struct AcceptedBaseline {
  Baseline baseline;  ///< with the log of the one before
  std::filesystem::path file;
  std::vector<Loosening> loosened;  ///< than the one before
  bool keyed = false;               ///< for the report's toolchain alone
};

/// Reads the scenario's baselines in `folder`; writes nothing.
///
/// A baseline for a toolchain of its own is made only when that is proved to be the reason: another compiler or
/// libc has measured other exact counts of the same source, by commits without changes between them. A baseline
/// that cannot be read is replaced, which is a loosening.
AcceptedBaseline acceptedBaseline(const Report& report, const std::filesystem::path& folder);

/// Adds to the log why it was accepted; the oldest entry goes beyond kMaxLogEntries.
void logReason(AcceptedBaseline& accepted, const std::string& reason);

}  // namespace leakgate
