// Walks a stack by frame rules, and notes what it read on the way.
#pragma once

#include <stdint.h>

#include "shim/unwind/caller_frame.hpp"
#include "shim/unwind/readable_range.hpp"

namespace leakgate::shim {

/// Longest stack, in frames. What lies further out is left off.
inline constexpr uint32_t kFrameCapacity = 128;

enum class WalkEnd : uint8_t {
  outermost,   ///< the whole stack
  frameLimit,  ///< as many frames as were asked for
  // From here on: the stack goes on where the walk could not.
  noRule,      ///< code without unwind rows
  otherRule,   ///< rows that a FrameRule cannot hold
  unreadable,  ///< the rows lead to where there is no stack
};
inline constexpr unsigned kWalkEnds = 5;

/// The words that a walk read from the stack, in this order.
///
/// Where it reads next follows from the registers that it began with and from what it has read, so a later
/// walk from the same registers takes the same way if all these words are as they were.
struct WalkLog {
  static constexpr uint32_t kWordCapacity = 2 * kFrameCapacity;
  static constexpr uint32_t kIsFrame = 1;  ///< in `offsets`: the word is a return address

  WalkEnd end;
  uint32_t frameCount;  ///< with the caller's pc, which is no word
  uint32_t wordCount;
  bool usesBp;  ///< the way also depends on the rbp that it began with
  bool isNear;  ///< false: a word is too far from sp for `offsets`
  uint64_t values[kWordCapacity];
  uint32_t offsets[kWordCapacity];  ///< bytes from sp, a multiple of 8, and kIsFrame
};

/// frameLimit: from 1 to kFrameCapacity. Threads: any. Takes no lock and calls nothing hooked; prepareRules()
/// before.
void walkStack(const CallerFrame& from, uint32_t frameLimit, ReadableRange& readable, WalkLog& log) noexcept;

/// Copies the frames of a log, innermost first: pcs, each where its callee returns to. Answers how many, at
/// most `most`.
uint32_t copyFrames(const CallerFrame& from, const WalkLog& log, uint64_t* frames, uint32_t most) noexcept;

}  // namespace leakgate::shim
