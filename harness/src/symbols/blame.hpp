// Chooses the line of a call stack to blame.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "symbols/frame.hpp"

namespace leakgate {

/// Returns the index of the innermost frame of the user's code, inlined or not, that does not allocate for
/// its caller: not the program's own xmalloc() if a function of the user's has called that. Without one, the
/// innermost frame of a library; without that, the innermost named function that is not the standard
/// library's; else 0.
std::size_t frameToBlame(const std::vector<Frame>& stack);

/// The index of the user's function that called the one at `frame`; stack.size() when there is none.
std::size_t callerOf(const std::vector<Frame>& stack, std::size_t frame);

/// The index of the program's own allocation function that the blamed frame calls; stack.size() when there is
/// none.
std::size_t allocatorBelow(const std::vector<Frame>& stack, std::size_t blamed);

/// Whether no frame is the user's or a library's, and the stack ends early: the caller of the outermost known
/// function has no unwind information.
bool callerIsUnknown(const std::vector<Frame>& stack, bool truncated);

/// The library that allocates on behalf of the blamed frame, if the stack has no lines for it: the file name
/// of its module, "libsqlite3.so". "" when the blamed frame allocates itself, or through code with lines.
std::string libraryBelow(const std::vector<Frame>& stack, std::size_t blamed);

}  // namespace leakgate
