// Which rare leak a run would have found, and how long a run must be to find a given one.
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

/// Units of a leak that are expected where one at least comes with 99.5 %.
inline constexpr double kUnitsToSee = 5.3;

/// Units that are expected where there are enough for a proof with 99.5 %.
inline constexpr double kUnitsToProve = 21;

}  // namespace leakgate
