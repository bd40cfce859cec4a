#include "analysis/followed_growth.hpp"

#include "analysis/finding_kind.hpp"
#include "analysis/managed_heap.hpp"
#include "analysis/object_findings.hpp"
#include "analysis/work_judgement.hpp"

namespace leakgate {

bool isFollowed(const Growth& growth, const RunRecord& record) {
  if (growthIsBudgeted(record.scenario, growth.course.kind)) return false;
  const bool mapping = growth.course.kind == FindingKind::mapping;
  if (mapping && growth.course.beyond) return false;  // allocators map at will
  if (isObjectKind(growth.course.kind)) return isWorthFollowing(growth);
  return !growth.course.total || record.depth == Depth::count;
}

std::vector<const Growth*> watchedGrowths(const GrowthTable& table, const RunRecord& record) {
  const auto runtimes = judgedRuntimes(record);
  const auto isRuntimes = [&](const Growth& growth) {
    if (ownerOf(runtimes, growth.site().caller.module) == nullptr) return false;
    const Judgement work = judgeWork(growth, table);
    return !work.proved || !work.cause || growth.site().bytes.back() < kRuntimeBytes;
  };
  std::vector<const Growth*> watched;
  for (const Growth& growth : table.growths) {
    if (isFollowed(growth, record) && !isRuntimes(growth)) watched.push_back(&growth);
  }
  return watched;
}

bool roseALittle(const Growth& growth) {
  if (growth.isManaged()) return false;
  const SiteGrowth& site = growth.site();
  const bool blocks = site.blocks.back() > 0 && site.blocks.back() < kSureUnits;
  const bool bytes = site.blocks.back() == 0 && site.bytes.back() > 0;
  return blocks || bytes;
}

}  // namespace leakgate
