// Judges the growth of heaps that a runtime's collector owns.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/cause.hpp"
#include "analysis/finding.hpp"
#include "replay/run_record.hpp"

namespace leakgate {

/// Growth of a runtime's own blocks below this in a run is tables and caches.
inline constexpr std::int64_t kRuntimeBytes = 256 << 10;

/// How the heap of one runtime in the target can be judged.
struct JudgedRuntime {
  RuntimeInProcess runtime;
  bool measured = false;  ///< collected at every checkpoint, the same number of heaps at each
};

std::vector<JudgedRuntime> judgedRuntimes(const RunRecord& record);

/// Whether a runtime frees by tracing: then its mapped memory does not show what is alive. All but CPython,
/// which counts references.
bool tracesObjects(Runtime runtime);

/// Live objects that rise with the work after a collection at each checkpoint: one finding per runtime.
std::vector<Finding> managedFindings(const RunRecord& record, const std::vector<Driver>& drivers);

/// Whether more work could decide: even proportional growth may be a table with a bound.
bool managedMayRise(const RunRecord& record, const std::vector<Driver>& drivers);

/// The runtime that a place belongs to; nullptr when there is none.
const JudgedRuntime* ownerOf(const std::vector<JudgedRuntime>& runtimes, std::string_view module);

}  // namespace leakgate
