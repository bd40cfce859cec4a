// The course of each allocation site over the checkpoints.
#pragma once

#include <string>
#include <vector>

#include "analysis/growth_series.hpp"
#include "region/snapshot.hpp"
#include "replay/run_record.hpp"

namespace leakgate {

/// One site: the immediate caller within one allocation scope, all sizes and epochs together. A place that
/// leaks blocks of many sizes is one site here.
struct SiteGrowth {
  CodeLocation caller;
  std::string scope;
  Series blocks;  ///< live, above "warm"
  Series bytes;
  std::int64_t liveBlocks = 0;  ///< at the last checkpoint
  std::int64_t liveBytes = 0;
  std::uint64_t allocations = 0;  ///< over the measured requests
  Series made;                    ///< allocations above "warm", freed or not
  std::uint64_t allocatedBytes = 0;
};

/// All sites in any checkpoint, ordered by caller and scope. Empty at the depths none and count.
std::vector<SiteGrowth> siteGrowths(const RunRecord& record);

/// The same for the totals, as a site without a caller.
SiteGrowth totalGrowth(const RunRecord& record);

}  // namespace leakgate
