// What a comparison was able to see.
#pragma once

#include <cstdint>
#include <span>

namespace leakgate {

/// The smallest change, in percent, that rounds like these find with p < alpha in about nine of ten comparisons: by
/// resampling the rounds (bootstrap), moved by that change. Infinite when they find none below 100 %.
/// Deterministic for a seed.
///
/// `differences`: one logarithm of a ratio per round. `alpha`: for this metric alone.
double smallestChangeSeen(std::span<const double> differences, double alpha, std::uint64_t seed);

}  // namespace leakgate
