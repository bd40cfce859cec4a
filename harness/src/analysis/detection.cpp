#include "analysis/detection.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/steering.hpp"

namespace leakgate {

namespace {

// Rounds to two digits: the number is about chance.
std::uint64_t rounded(double value) {
  double scale = 1;
  while (value / scale >= 100) scale *= 10;
  return static_cast<std::uint64_t>(std::floor(value / scale) * scale);
}

// How far doublings go within the bound for undecided growth.
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
  // A run that ended early followed no rise, and did not send all planned requests.
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
