// Call stacks as lists.
#pragma once

#include <vector>

#include "html/markup.hpp"
#include "symbols/frame.hpp"

namespace leakgate {

/// One item a frame, innermost first; the frame to blame is marked by words, and neighbouring frames of
/// libraries are folded. `truncated`: the outer end is missing.
void addStackList(Markup& markup, const std::vector<Frame>& stack, bool truncated);

}  // namespace leakgate
