// In which order, and in which environments, the two sides are started.
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

/// Bytes to add to the environment: of the first start of each side in a round, and of the second.
using RoundPaddings = std::array<std::size_t, kStartsPerRound / 2>;
inline constexpr std::size_t kMaxPaddingBytes = 4096;

/// The size of the environment decides where the stack begins, and that alone changes times by some percent. Both
/// sides get the same sizes, each round others, so that a single lucky layout favours neither. Deterministic for
/// a seed. Source: T. Mytkowicz et al., "Producing wrong data without doing anything obviously wrong!", 2009.
std::vector<RoundPaddings> startPaddings(unsigned rounds, std::uint64_t seed);

}  // namespace leakgate
