// The course of descriptors, threads and mappings over the checkpoints: by the place that opened them, as far
// as the shim saw it, and by the kernel's own count.
#pragma once

#include <vector>

#include "analysis/finding.hpp"
#include "analysis/site_growth.hpp"
#include "replay/run_record.hpp"

namespace leakgate {

FindingKind findingKindOf(ResourceKind kind);

struct ResourceGrowth {
  FindingKind kind = FindingKind::mapping;
  SiteGrowth site;  ///< `blocks` are mappings, descriptors, or threads that were neither joined nor detached
};

/// All places that any checkpoint saw, by kind and caller. Empty at Depth::none.
std::vector<ResourceGrowth> resourceGrowths(const RunRecord& record);

/// What the kernel counted, as a site without a caller. kind: descriptor, thread or mapping.
SiteGrowth kernelGrowth(const RunRecord& record, FindingKind kind);

/// `all` without `part`, checkpoint by checkpoint.
SiteGrowth without(SiteGrowth all, const SiteGrowth& part);

}  // namespace leakgate
