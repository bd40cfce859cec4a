#include "comparison/holm.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace leakgate {

std::vector<double> holmAdjusted(std::span<const double> pValues) {
  std::vector<std::size_t> order(pValues.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(),
            [&](std::size_t i, std::size_t j) { return pValues[i] < pValues[j]; });
  std::vector<double> adjusted(pValues.size());
  double largest = 0;
  for (std::size_t k = 0; k < order.size(); ++k) {
    largest = std::max(largest, std::min(1.0, static_cast<double>(order.size() - k) * pValues[order[k]]));
    adjusted[order[k]] = largest;
  }
  return adjusted;
}

}  // namespace leakgate
