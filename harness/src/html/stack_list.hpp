// Call stacks as lists.
#pragma once

#include <string>
#include <vector>

#include "html/markup.hpp"
#include "symbols/frame.hpp"

namespace leakgate {

/// One item a frame, innermost first; the frame to blame is marked by words, and neighbouring frames of
/// libraries are folded. `truncated`: the outer end is missing.
void addStackList(Markup& markup, const std::vector<Frame>& stack, bool truncated);

/// "src/event.cpp:88"; without a line "h3-demo+0x1f2c".
std::string placeText(const Frame& frame);

}  // namespace leakgate
