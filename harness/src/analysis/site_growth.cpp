#include "analysis/site_growth.hpp"

#include <map>
#include <tuple>

namespace leakgate {

namespace {

using SiteKey = std::tuple<CodeLocation, std::string>;
using TotalsBySite = std::map<SiteKey, std::vector<MemoryTotals>>;

void addRow(MemoryTotals& totals, const SiteRow& row) {
  totals.allocations += row.allocations;
  totals.frees += row.frees;
  totals.allocatedBytes += row.allocatedBytes;
  totals.freedBytes += row.freedBytes;
}

TotalsBySite foldRows(const RunRecord& record) {
  TotalsBySite sites;
  const std::size_t count = record.checkpoints.size();
  for (std::size_t k = 0; k < count; ++k) {
    for (const auto& row : record.checkpoints[k].memory.sites) {
      auto& totals = sites[{row.caller, row.scope}];
      totals.resize(count);
      addRow(totals[k], row);
    }
  }
  return sites;
}

SiteGrowth growthOf(const std::vector<MemoryTotals>& totals) {
  SiteGrowth growth;
  const MemoryTotals& warm = totals.front();
  const MemoryTotals& last = totals.back();
  for (const auto& now : totals) {
    growth.blocks.push_back(now.liveBlocks() - warm.liveBlocks());
    growth.bytes.push_back(now.liveBytes() - warm.liveBytes());
    growth.made.push_back(static_cast<std::int64_t>(now.allocations - warm.allocations));
  }
  growth.liveBlocks = last.liveBlocks();
  growth.liveBytes = last.liveBytes();
  growth.allocations = last.allocations - warm.allocations;
  growth.allocatedBytes = last.allocatedBytes - warm.allocatedBytes;
  return growth;
}

}  // namespace

std::vector<SiteGrowth> siteGrowths(const RunRecord& record) {
  std::vector<SiteGrowth> growths;
  for (const auto& [key, totals] : foldRows(record)) {
    growths.push_back(growthOf(totals));
    std::tie(growths.back().caller, growths.back().scope) = key;
  }
  return growths;
}

SiteGrowth totalGrowth(const RunRecord& record) {
  std::vector<MemoryTotals> totals;
  for (const auto& checkpoint : record.checkpoints) totals.push_back(checkpoint.memory.totals);
  return growthOf(totals);
}

}  // namespace leakgate
