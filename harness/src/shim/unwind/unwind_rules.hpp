// Caches the frame rule of each address that a walk has seen.
//
//   one mapping:  | 2^12 slots | 2^13 | 2^14 | ... | 2^18 |     slot:  u64 address, u64 FrameRule
//
// Only the newest of these tables is filled; when it is 5/8 full the next one takes over and copies from it
// the rules that are still used. So a small program touches 64 KiB, and growing needs neither a lock nor a
// new mapping. A slot is written once: the address after the rule. Only the rule of an address whose module
// has been replaced is written again, and that is one store.
#pragma once

#include <stdint.h>

#include "shim/unwind/unwind_module.hpp"

namespace leakgate::shim {

/// Once per program, before the first findRule. Aborts when there is no address space.
void prepareRules() noexcept;

/// The rule at an address of the module. Threads: any. Takes no lock; unchanged in a child of fork.
FrameRule findRule(const UnwindModule& module, uint64_t address) noexcept;

/// How often a rule was read but not cached, because the last table is full.
uint64_t rulesNotKept() noexcept;

}  // namespace leakgate::shim
