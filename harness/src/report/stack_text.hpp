// Writes call stacks for people.
#pragma once

#include <string>
#include <vector>

#include "report/report.hpp"

namespace leakgate {

/// "src/event.cpp:88", or module and offset, a location for other tools.
std::string placeText(const Frame& frame);

/// One line per frame, innermost first, names and places in columns; "=>" marks the frame to blame. Long
/// stacks are cut at the outer end, beyond that frame, and say how many frames are left out.
std::vector<std::string> stackLines(const std::vector<Frame>& stack, bool truncated);

/// The largest stack of a finding, a summary of the others, and the lines that share the growth. Empty
/// without stacks.
std::vector<std::string> findingStackLines(const NamedFinding& finding);

/// "51 %  lambda in main lambda.cpp:15".
std::string growingLineText(const GrowingLine& line);

}  // namespace leakgate
