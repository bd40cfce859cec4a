// Several tests at once.
#pragma once

#include <span>
#include <vector>

namespace leakgate {

/// The p-values adjusted for their number: comparing each with alpha keeps the probability of one false alarm
/// or more, over all of them together, below alpha, however they depend on each other.
/// Source: S. Holm, "A simple sequentially rejective multiple test procedure", 1979.
std::vector<double> holmAdjusted(std::span<const double> pValues);

}  // namespace leakgate
