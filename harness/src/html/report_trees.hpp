// The call trees of reports.
#pragma once

#include "html/flame_tree.hpp"
#include "report/report.hpp"

namespace leakgate {

/// Bytes by which the heap findings of a report have grown, by their stacks; nothing of findings without any.
FlameNode growthTree(const Report& report);

/// The same of two reports: the older one is the base.
FlameNode growthTree(const Report& before, const Report& after);

/// Allocations per request of one part of a profile, by stack; those of unnamed stacks are the root's own.
FlameNode allocationTree(const AllocationProfile& profile, const ProfiledPart& part);

/// Allocations per request of both mixes: the older one is the base.
FlameNode allocationTree(const AllocationProfile& before, const AllocationProfile& after);

}  // namespace leakgate
