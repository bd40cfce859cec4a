// Findings about what is not memory of a process: processes, and the objects that the kernel keeps for them.
#pragma once

#include <vector>

#include "analysis/site_judgement.hpp"

namespace leakgate {

struct ObjectFindings {
  std::vector<Finding> findings;
  std::vector<Observation> observations;
};

/// The kernel's count decides what grows; the places that the shim saw say where. A child that ends without
/// being waited for (SIGCHLD ignored) is open at its place for ever and is not counted by the kernel.
ObjectFindings objectFindings(const RunRecord& record, const Drivers& drivers);

/// Whether more work could decide about one of them.
bool objectsUndecided(const RunRecord& record, const Drivers& drivers);

}  // namespace leakgate
