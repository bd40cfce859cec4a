// In which order the two sides are started.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace leakgate {

enum class CompareSide { a, b };

/// Starts per round: two of each side, so that a round has an A/A and a B/B pair as well.
inline constexpr std::size_t kStartsPerRound = 4;
using RoundOrder = std::array<CompareSide, kStartsPerRound>;

/// One order per round. Over six rounds each of the six orders of AABB occurs once, in random order, so that
/// no side comes early more often than the other, and a drift of the machine cancels. Deterministic for a seed.
std::vector<RoundOrder> startOrders(unsigned rounds, std::uint64_t seed);

}  // namespace leakgate
