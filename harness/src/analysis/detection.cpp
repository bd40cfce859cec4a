#include "analysis/detection.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/steering.hpp"

namespace leakgate {

namespace {

// A statement about chance has two digits.
std::uint64_t rounded(double value) {
  double scale = 1;
  while (value / scale >= 100) scale *= 10;
  return static_cast<std::uint64_t>(std::floor(value / scale) * scale);
}

// As far as doublings lead within the bound for what is undecided.
double reachOf(const RunRecord& record, std::uint64_t seen) {
  auto reach = static_cast<double>(seen);
  const double limit = undecidedLimit(record, seen);
  while (2 * reach <= limit) reach *= 2;
  return reach;
}

}  // namespace

std::uint64_t findOneIn(const RunRecord& record, std::uint64_t following) {
  if (record.depth == Depth::none || record.checkpoints.size() < 2) return 0;
  const auto measured = static_cast<double>(record.checkpoints.back().requests);
  const double proved = measured / kUnitsToProve;
  // Of a run that ended early no rise was followed, and not all was sent that was planned.
  const bool followed =
      record.end == RunEnd::whole && record.lookEnd != LookEnd::time && record.lookEnd != LookEnd::safety;
  if (!followed) return rounded(proved);
  const std::uint64_t seen = std::max(record.scenario.load.requests, following);
  const double traced =
      std::min(static_cast<double>(seen) / kUnitsToSee, reachOf(record, seen) / kUnitsToProve);
  return rounded(std::max(proved, traced));
}

std::uint64_t requestsToFind(std::uint64_t oneIn) {
  return static_cast<std::uint64_t>(std::ceil(kUnitsToSee * static_cast<double>(oneIn)));
}

}  // namespace leakgate
