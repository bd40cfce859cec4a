// How to get from an address in the code to its caller's frame: the part of an .eh_frame row that an unwinder
// needs, in one word, so that a table can be read without a lock.
//
// A frame is identified by its CFA, the stack pointer just before the call instruction pushed the return
// address. The return address is at CFA - 8. Only rsp and rbp are followed: compilers define no CFA by
// another register at a call, with rare exceptions in assembly, where the walk ends and says so.
#pragma once

#include <stdint.h>

namespace leakgate::shim {

enum class CfaRule : uint8_t {
  none,        ///< no unwind rows: code generated at run time, assembly without rows
  other,       ///< rows that do not fit into one word
  outermost,   ///< the thread started here
  fromSp,      ///< CFA = rsp + cfaOffset
  fromBp,      ///< CFA = rbp + cfaOffset
  wordAtBp,    ///< CFA = *(rbp + cfaOffset): a function that aligns its stack
  pltEntry,    ///< CFA = rsp + 8, and 8 more from byte cfaOffset of the 16-byte entry on
  signalFrame  ///< rsp = *(rsp + cfaOffset), pc in the next word, rbp = *(rsp + bpOffset)
};

enum class BpRule : uint8_t {
  same,   ///< the frame does not change rbp
  atCfa,  ///< saved at CFA + bpOffset
  atBp,   ///< saved at the frame's own rbp + bpOffset
  lost
};

inline constexpr int64_t kCfaOffsetLimit = int64_t{1} << 23;
inline constexpr int64_t kBpOffsetLimit = int64_t{1} << 18;

struct FrameRule {
  CfaRule cfa : 4;
  BpRule bp : 2;
  int64_t cfaOffset : 24;  ///< bytes
  int64_t bpOffset : 19;   ///< bytes
  uint64_t module : 15;    ///< number in the module table
};
static_assert(sizeof(FrameRule) == sizeof(uint64_t));

inline FrameRule ruleOfKind(CfaRule cfa) noexcept {
  FrameRule rule{};
  rule.cfa = cfa;
  return rule;
}

}  // namespace leakgate::shim
