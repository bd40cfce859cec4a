// Walks a stack by frame rules, and logs what it reads.
#pragma once

#include <stdint.h>

#include "shim/unwind/caller_frame.hpp"
#include "shim/unwind/readable_range.hpp"

namespace leakgate::shim {

/// Longest stack, in frames. Frames further out are left out.
inline constexpr uint32_t kFrameCapacity = 128;

enum class WalkEnd : uint8_t {
  outermost,   ///< the whole stack
  frameLimit,  ///< as many frames as requested
  // Below: the stack continues where the walk could not.
  noRule,      ///< code without unwind rows
  otherRule,   ///< rows that do not fit into a FrameRule
  unreadable,  ///< the rows lead to memory that is not a stack
};
inline constexpr unsigned kWalkEnds = 5;

/// The words that a walk read from the stack, in this order.
///
/// Where it reads next depends on the registers that it started with and on what it has read, so a later walk
/// from the same registers takes the same way if all these words are unchanged.
struct WalkLog {
  static constexpr uint32_t kWordCapacity = 2 * kFrameCapacity;
  static constexpr uint32_t kIsFrame = 1;  ///< in `offsets`: the word is a return address

  WalkEnd end;
  uint32_t frameCount;  ///< including the caller's pc, which is not a word
  uint32_t wordCount;
  bool usesBp;  ///< the walk also depends on its initial rbp
  bool isNear;  ///< false: a word is too far from sp for `offsets`
  uint64_t values[kWordCapacity];
  uint32_t offsets[kWordCapacity];  ///< bytes from sp, a multiple of 8, and kIsFrame
};

/// frameLimit: from 1 to kFrameCapacity. Threads: any. Takes no lock and calls nothing hooked; prepareRules()
/// before.
void walkStack(const CallerFrame& from, uint32_t frameLimit, ReadableRange& readable, WalkLog& log) noexcept;

/// Copies the frames of a log, innermost first: each is the address that its callee returns to. Returns how
/// many, at most `most`.
uint32_t copyFrames(const CallerFrame& from, const WalkLog& log, uint64_t* frames, uint32_t most) noexcept;

}  // namespace leakgate::shim
