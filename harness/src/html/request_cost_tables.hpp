// What a request costs beside memory.
#pragma once

#include "html/markup.hpp"
#include "report/request_costs.hpp"

namespace leakgate {

/// Adds each kind with its calls and failures per request, the most frequent first.
void addSystemCalls(Markup& markup, const SystemCallProfile& profile);

/// Adds the functions with their instructions per request, the most first; all but the first few are folded.
void addInstructions(Markup& markup, const InstructionProfile& profile);

}  // namespace leakgate
