// Describes the machine and the builds of a run.
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
  std::string commit;    ///< of the checkout in the current directory; "" outside of one
  bool dirty = false;    ///< it had uncommitted changes
  std::string compiler;  ///< of the target, from its debug information; "" without any
  std::string flags;
  std::string buildType;              ///< of leakgate itself and the programs built with it
  std::vector<std::string> runtimes;  ///< runtimes with their own heaps in its processes: "Node.js (V8)"
  std::vector<ModuleId> modules;      ///< the target's executable first, then libraries that allocated
  std::string libc;
  std::string kernel;
  std::string cpu;
  unsigned cores = 0;
  std::uint32_t shimLayout = 0;
  std::string fingerprint;  ///< sampled metrics compare only if it is equal; see environmentFingerprint()

  friend bool operator==(const Environment&, const Environment&) = default;
};

/// Hash of everything but the tested code that affects speed: compiler, flags, build type, libc, kernel, CPU,
/// cores, shim. Without commit and build-ids, which differ between any two commits to compare.
std::string environmentFingerprint(const Environment& environment);

/// Hash of what may change exact counts of the same source: the compiler with its version, and the libc.
std::string toolchainFingerprint(const Environment& environment);

/// The machine and the checkout. Runs git; falls back to GITHUB_SHA and CI_COMMIT_SHA. Slow: call it once.
Environment describeMachine();

/// Adds the target's data and the fingerprint. Reads the target's files.
Environment describeTarget(Environment machine, const RunRecord& record);

}  // namespace leakgate
