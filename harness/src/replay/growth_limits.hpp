// How much growth a target and this machine bear.
#pragma once

#include <sys/types.h>

#include "replay/run_record.hpp"

namespace leakgate {

/// Half of what the kernel allows the process, and a share of the machine's memory. What cannot be read keeps
/// its default.
GrowthLimits growthLimits(pid_t pid);

}  // namespace leakgate
