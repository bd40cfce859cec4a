// The course of resources other than heap blocks over the checkpoints: by the place that opened them, as far
// as the shim saw it, and by the kernel's own count.
#pragma once

#include <vector>

#include "analysis/finding.hpp"
#include "analysis/site_growth.hpp"
#include "replay/run_record.hpp"

namespace leakgate {

FindingKind findingKindOf(ResourceKind kind);

/// The kind under which places count it. A zombie is counted as a process: the shim cannot see that it has
/// ended.
FindingKind placeKindOf(FindingKind kind);

struct ResourceGrowth {
  FindingKind kind = FindingKind::mapping;
  SiteGrowth site;  ///< `blocks`: open resources, such as threads that were neither joined nor detached
};

/// All places in any checkpoint, by kind and caller. Empty at Depth::none.
std::vector<ResourceGrowth> resourceGrowths(const RunRecord& record);

/// The kernel's count, as a site without a caller. kind: neither heap nor slowdown.
SiteGrowth kernelGrowth(const RunRecord& record, FindingKind kind);

/// Whether the kernel counts objects of that kind on this machine.
bool kernelLists(const ProcessSample& sample, FindingKind kind);

/// The same over the processes that are in every checkpoint: when their number grows, each new one comes with
/// descriptors, threads and mappings. kind: descriptor, thread or mapping.
SiteGrowth lastingGrowth(const RunRecord& record, FindingKind kind);

/// `all` without `part`, checkpoint by checkpoint.
SiteGrowth without(SiteGrowth all, const SiteGrowth& part);

}  // namespace leakgate
