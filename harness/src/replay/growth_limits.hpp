// How much growth a target and this machine can take.
#pragma once

#include <sys/types.h>

#include "replay/run_record.hpp"

namespace leakgate {

/// Half of the kernel's limits for the process, and a share of the machine's memory. A limit that cannot be
/// read keeps its default.
GrowthLimits growthLimits(pid_t pid);

}  // namespace leakgate
