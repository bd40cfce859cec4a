// Where and with what a run was made.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "replay/run_record.hpp"

namespace leakgate {

struct ModuleId {
  std::string name;  ///< file name
  std::string buildId;

  friend bool operator==(const ModuleId&, const ModuleId&) = default;
};

struct Environment {
  std::string leakgate;  ///< its version
  std::string commit;    ///< of the checkout in the current folder; "" outside of one
  bool dirty = false;    ///< it had changes that were not committed
  std::string compiler;  ///< of the target, from its debug information; "" without any
  std::string flags;
  std::string buildType;              ///< of leakgate itself and what is built with it
  std::vector<std::string> runtimes;  ///< with heaps of their own, that its processes hold: "Node.js (V8)"
  std::vector<ModuleId> modules;      ///< the target's executable first, then libraries that allocated
  std::string libc;
  std::string kernel;
  std::string cpu;
  unsigned cores = 0;
  std::uint32_t shimLayout = 0;
  std::string fingerprint;  ///< sampled metrics compare only where it is equal; see environmentFingerprint()

  friend bool operator==(const Environment&, const Environment&) = default;
};

/// Hash of what speed depends on apart from the code under test: compiler, flags, build type, libc, kernel,
/// CPU, cores, shim. Commit and build-ids are left out, as they differ between any two commits that one wants
/// to compare.
std::string environmentFingerprint(const Environment& environment);

/// The machine and the checkout. Runs git; falls back to GITHUB_SHA and CI_COMMIT_SHA. Slow: ask once.
Environment describeMachine();

/// The same with what is known of the target added, and the fingerprint. Reads the target's files.
Environment describeTarget(Environment machine, const RunRecord& record);

}  // namespace leakgate
