// Finds the frame rule of an address in a module's .eh_frame, by the sorted table in .eh_frame_hdr. Source:
// Linux Standard Base 5.0, "Exception Frames"; DWARF 5, section 6.4.
#pragma once

#include <stdint.h>

#include "shim/unwind/frame_rule.hpp"

namespace leakgate::shim {

/// A module's unwind rows. Borrows them: valid while the module stays loaded.
struct EhFrame {
  const uint8_t* header;       ///< .eh_frame_hdr
  const uint8_t* moduleStart;  ///< nothing outside of [moduleStart, moduleEnd) is read
  const uint8_t* moduleEnd;
  const uint8_t* table;  ///< of {i32 start of code, i32 its FDE}, both from `header`; nullptr: no table
  uint64_t count;
};

/// header: the loader's address of PT_GNU_EH_FRAME. The result has no table when there is none, or when it
/// does not have the encoding that all linkers write.
EhFrame openEhFrame(const void* header, const void* moduleStart, const void* moduleEnd) noexcept;

/// The rule at an address of the module, without `module`. Does not fail: CfaRule::none for rows that cannot
/// be read, CfaRule::other for rows that do not fit. Takes about 100 ns.
FrameRule readFrameRule(const EhFrame& frames, uint64_t address) noexcept;

}  // namespace leakgate::shim
