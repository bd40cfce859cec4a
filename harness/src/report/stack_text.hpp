// Call stacks as people read them.
#pragma once

#include <string>
#include <vector>

#include "report/report.hpp"

namespace leakgate {

/// One line a frame, innermost first, names and places in columns; "=>" marks the frame to blame. Long stacks
/// are cut at the outer end, past that frame, and say how many frames are left out.
std::vector<std::string> stackLines(const std::vector<Frame>& stack, bool truncated);

/// The largest stack of a finding, what the others add, and the lines that share the growth. Empty when there
/// is none.
std::vector<std::string> findingStackLines(const NamedFinding& finding);

}  // namespace leakgate
