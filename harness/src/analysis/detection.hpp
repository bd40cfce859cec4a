// Computes which rare leak a run would have found, and how long a run must be to find a given one.
#pragma once

#include <cstdint>

#include "replay/run_record.hpp"

namespace leakgate {

/// N of the rarest leak, one block in N requests at random, that this run would have found with 99 %; 0
/// without the shim. `following`: requests up to which every little rise was followed, at least those
/// planned.
std::uint64_t findOneIn(const RunRecord& record, std::uint64_t following = 0);

/// Measured requests that show one block in `oneIn` with 99 %, so that it is then followed until it is
/// proved.
std::uint64_t requestsToFind(std::uint64_t oneIn);

/// Expected units of a leak for which at least one occurs with 99.5 %.
inline constexpr double kUnitsToSee = 5.3;

/// Expected units for which enough for a proof occur with 99.5 %.
inline constexpr double kUnitsToProve = 21;

}  // namespace leakgate
