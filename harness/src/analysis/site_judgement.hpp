// What the course of one place says: whether its growth is proved, its pattern, and what it follows.
#pragma once

#include <optional>
#include <vector>

#include "analysis/cause.hpp"
#include "analysis/finding.hpp"
#include "analysis/site_growth.hpp"

namespace leakgate {

using Drivers = std::vector<Driver>;

/// Proved growth with its pattern and cause, or the shape of what is no finding.
struct SiteJudgement {
  Pattern pattern = Pattern::flat;
  bool proved = false;
  std::optional<Cause> cause;
};

/// Blocks are judged first; bytes where no block is added, as where realloc enlarges one.
SiteJudgement judgeSite(const SiteGrowth& site, const Drivers& drivers);

Finding findingOf(FindingKind kind, const SiteGrowth& site, const SiteJudgement& judgement,
                  const Drivers& drivers);

Observation observationOf(FindingKind kind, const SiteGrowth& site, const SiteJudgement& judgement);

/// Whether more work could decide about a place that rose lately and is not proved to leak.
bool siteUndecided(const SiteGrowth& site, const Drivers& drivers);

}  // namespace leakgate
