// Finds the function that takes the CPU time by which requests became slower.
#pragma once

#include <optional>
#include <vector>

#include "report/naming.hpp"

namespace leakgate {

struct HotFunction {
  std::vector<Frame> stack;  ///< a frequent one, innermost first
  double share = 0;          ///< of the rise of the CPU time per request, 0 to 1
};

/// The function to blame, see placeOf(), whose CPU time per request rose most between the first half of the
/// sampled requests and the last block. Nothing without samples.
std::optional<HotFunction> hottestRise(const RunRecord& sampled, const Naming& naming);

}  // namespace leakgate
