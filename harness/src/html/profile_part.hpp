// What each call stack allocates per request: flame graphs, and the stacks that allocate most.
#pragma once

#include "html/markup.hpp"
#include "report/allocation_profile.hpp"

namespace leakgate {

/// Adds the mix of all steps, then each step that was replayed alone, folded.
void addProfile(Markup& markup, const AllocationProfile& profile);

}  // namespace leakgate
