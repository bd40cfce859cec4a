// Which line of a call stack to blame.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "symbols/frame.hpp"

namespace leakgate {

/// The innermost frame of the user's code, inlined or not, that does not allocate for its caller: not the
/// program's own xmalloc() where a function of the user's has called that. Where there is none of the user's,
/// the innermost of a library's; where there is none either, the innermost function with a name that is not
/// the standard library's. Returns an index into `stack`; 0 when nothing is known.
std::size_t frameToBlame(const std::vector<Frame>& stack);

/// The user's function that has called the one at `frame`; stack.size() when there is none.
std::size_t callerOf(const std::vector<Frame>& stack, std::size_t frame);

/// The program's own allocation function that the blamed frame calls: its index; stack.size() when there is
/// none.
std::size_t allocatorBelow(const std::vector<Frame>& stack, std::size_t blamed);

/// Nothing of the stack is the user's or a library's, and it ends early: what has called the outermost
/// function that is known has no unwind information.
bool callerIsUnknown(const std::vector<Frame>& stack, bool truncated);

/// The library that allocates on behalf of the blamed frame, where the stack has no lines for it: the file
/// name of its module, "libsqlite3.so". "" when the blamed frame allocates itself, or through code with
/// lines.
std::string libraryBelow(const std::vector<Frame>& stack, std::size_t blamed);

}  // namespace leakgate
