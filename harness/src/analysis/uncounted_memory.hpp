// Judges resident memory that no count explains: from sbrk, from system calls that no hook sees, from a
// statically linked allocator, or from pages of a large block that become resident one by one.
#pragma once

#include <optional>
#include <vector>

#include "analysis/cause.hpp"
#include "analysis/finding.hpp"
#include "replay/run_record.hpp"

namespace leakgate {

/// Bytes at the checkpoints, above "warm".
struct ResidentCourse {
  Series resident;   ///< anonymous memory, without the shim's
  Series counted;    ///< the part that counted blocks and mappings can explain, with an allocator's overhead
  Series uncounted;  ///< resident without counted
};

ResidentCourse residentCourse(const RunRecord& record);

/// Uncounted memory that rises in proportion to the work through all extensions. Nothing when processes or
/// threads are added with it, or when memory findings in `others` explain it: an allocator maps and fragments
/// because of leaks.
std::optional<Finding> uncountedFinding(const RunRecord& record, const std::vector<Driver>& drivers,
                                        const std::vector<Finding>& others);

/// Whether more work could make it a finding, or show that it stops: true as long as it rises.
bool uncountedMayRise(const RunRecord& record, const std::vector<Driver>& drivers);

/// Uncounted memory that is not a finding but worth reporting: fragmentation, an allocator's caches, a
/// collector's free space.
std::optional<Observation> retentionObservation(const RunRecord& record, const std::vector<Driver>& drivers,
                                                const std::vector<Finding>& findings);

}  // namespace leakgate
