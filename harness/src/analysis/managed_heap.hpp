// Growth of heaps that a runtime's collector owns.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/cause.hpp"
#include "analysis/finding.hpp"
#include "replay/run_record.hpp"

namespace leakgate {

/// A runtime's own blocks that grow by less than this in a run are tables and caches.
inline constexpr std::int64_t kRuntimeBytes = 256 << 10;

/// How the heap of one runtime in the target can be judged.
struct JudgedRuntime {
  RuntimeInProcess runtime;
  bool measured = false;  ///< collected at every checkpoint, the same number of heaps at each
};

std::vector<JudgedRuntime> judgedRuntimes(const RunRecord& record);

/// A runtime that frees by tracing: what it maps and keeps says nothing of what is alive. All but CPython,
/// which counts references.
bool tracesObjects(Runtime runtime);

/// Live objects that rise with the work after a collection at each checkpoint: one finding a runtime.
std::vector<Finding> managedFindings(const RunRecord& record, const std::vector<Driver>& drivers);

/// Whether more work could decide it: also what is proportional so far may be a table with a bound.
bool managedMayRise(const RunRecord& record, const std::vector<Driver>& drivers);

/// The runtime that a place belongs to; nullptr when it is none's.
const JudgedRuntime* ownerOf(const std::vector<JudgedRuntime>& runtimes, std::string_view module);

}  // namespace leakgate
