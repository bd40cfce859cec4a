// Resident memory that no count explains: from sbrk, from system calls that no hook sees, from an allocator
// that is linked in, or from pages of a large block that become resident one by one.
#pragma once

#include <optional>
#include <vector>

#include "analysis/cause.hpp"
#include "analysis/finding.hpp"
#include "replay/run_record.hpp"

namespace leakgate {

/// Bytes at the checkpoints, above "warm".
struct ResidentCourse {
  Series resident;  ///< anonymous memory without the shim's
  Series
      counted;  ///< what blocks and mappings that were counted can take of it, with an allocator's overhead
  Series uncounted;  ///< resident without counted
};

ResidentCourse residentCourse(const RunRecord& record);

/// Uncounted memory that rises in proportion to the work through all extensions. Nothing where processes or
/// threads come with it, or where `others` are findings of memory that explain it: an allocator maps and
/// fragments for what leaks.
std::optional<Finding> uncountedFinding(const RunRecord& record, const std::vector<Driver>& drivers,
                                        const std::vector<Finding>& others);

/// Whether more work could make it a finding, or show that it stops: true as long as it rises.
bool uncountedMayRise(const RunRecord& record, const std::vector<Driver>& drivers);

/// Uncounted memory that is no finding but worth a word: fragmentation, caches of an allocator, a collector's
/// spare room.
std::optional<Observation> retentionObservation(const RunRecord& record, const std::vector<Driver>& drivers,
                                                const std::vector<Finding>& findings);

}  // namespace leakgate
