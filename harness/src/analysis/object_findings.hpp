// Findings about processes, and about the objects that the kernel keeps for them.
#pragma once

#include <span>
#include <vector>

#include "analysis/course.hpp"
#include "analysis/finding.hpp"

namespace leakgate {

struct ObjectFindings {
  std::vector<Finding> findings;
  std::vector<Observation> observations;
};

/// Processes, and the kernel's objects by kind.
std::span<const FindingKind> objectKinds();
bool isObjectKind(FindingKind kind);

/// The kernel's count decides what grows; the shim's places say where. A child that ends without being waited
/// for (SIGCHLD ignored) stays open at its place, and is not counted by the kernel. Precondition: the table's
/// drivers do not include threads, whose number rises with that of processes.
ObjectFindings objectFindings(const RunRecord& record, const GrowthTable& table);

/// Whether the kernel's count of a kind changed enough to follow it.
bool isWorthFollowing(const Growth& objects);

/// Whether other programs on the machine may have made some of them: then more work proves nothing.
bool mayBeOthers(const Growth& objects);

}  // namespace leakgate
