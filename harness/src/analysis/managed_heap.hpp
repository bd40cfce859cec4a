// Judges the growth of heaps that a runtime's collector owns.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/course.hpp"
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

/// Live objects that rise with the work after a collection at each checkpoint, and are not given back in a
/// rest: one finding per runtime.
std::vector<Finding> managedFindings(const RunRecord& record, const GrowthTable& table);

/// Whether what remained after cool-downs proved it: its checkpoints are those.
bool provedByRests(const Finding& finding, const RunRecord& record);

/// The runtime that a place belongs to; nullptr when there is none.
const JudgedRuntime* ownerOf(const std::vector<JudgedRuntime>& runtimes, std::string_view module);

}  // namespace leakgate
