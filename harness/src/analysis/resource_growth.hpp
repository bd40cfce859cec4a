// The course of what is not a heap block over the checkpoints: by the place that opened it, as far as the
// shim saw it, and by the kernel's own count.
#pragma once

#include <vector>

#include "analysis/finding.hpp"
#include "analysis/site_growth.hpp"
#include "replay/run_record.hpp"

namespace leakgate {

FindingKind findingKindOf(ResourceKind kind);

/// Of the places where such a thing is made. A zombie is made as a process: the shim cannot see that it has
/// ended.
FindingKind placeKindOf(FindingKind kind);

struct ResourceGrowth {
  FindingKind kind = FindingKind::mapping;
  SiteGrowth site;  ///< `blocks` are what is open: threads that were neither joined nor detached ...
};

/// All places that any checkpoint saw, by kind and caller. Empty at Depth::none.
std::vector<ResourceGrowth> resourceGrowths(const RunRecord& record);

/// What the kernel counted, as a site without a caller. kind: neither heap nor slowdown.
SiteGrowth kernelGrowth(const RunRecord& record, FindingKind kind);

/// Whether the kernel counts objects of that kind on this machine.
bool kernelLists(const ProcessSample& sample, FindingKind kind);

/// The same over the processes that every checkpoint has seen: where their number grows, each new one brings
/// descriptors, threads and mappings along. kind: descriptor, thread or mapping.
SiteGrowth lastingGrowth(const RunRecord& record, FindingKind kind);

/// `all` without `part`, checkpoint by checkpoint.
SiteGrowth without(SiteGrowth all, const SiteGrowth& part);

}  // namespace leakgate
