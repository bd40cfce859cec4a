// Which line of a call stack to blame.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "symbols/frame.hpp"

namespace leakgate {

/// The innermost frame of the user's code, inlined or not. Where there is none, the innermost of a library's;
/// where there is none either, the innermost function with a name that is not the standard library's. Returns
/// an index into `stack`; 0 when nothing is known.
std::size_t frameToBlame(const std::vector<Frame>& stack);

/// The library that allocates on behalf of the blamed frame, where the stack has no lines for it: the file
/// name of its module, "libsqlite3.so". "" when the blamed frame allocates itself, or through code with
/// lines.
std::string libraryBelow(const std::vector<Frame>& stack, std::size_t blamed);

}  // namespace leakgate
