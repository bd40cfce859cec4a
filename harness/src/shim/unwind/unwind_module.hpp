// The modules (executable and shared libraries) whose code has been met on a stack.
//
// A rule outlives its module: a library can be unloaded and another be mapped in its place. So every rule
// carries the number of its module here, and a number is never given twice. Looking an address up asks the
// loader each time (without a lock, some 10 ns), and the answer is held against what is entered here.
#pragma once

#include <stdint.h>

#include "shim/unwind/eh_frame.hpp"

namespace leakgate::shim {

inline constexpr uint32_t kUnwindModules = 2048;            ///< at a time
inline constexpr uint32_t kModuleNumbers = (1u << 15) - 1;  ///< in the life of a process

struct UnwindModule {
  uint64_t start;  ///< of its mapping; 0: there is no such module
  uint64_t end;
  uint64_t content;  ///< tells most builds apart, should a library be unloaded behind our back
  EhFrame frames;
  uint32_t number;  ///< from 1 on; 0: there is no room, nothing may be remembered of this module

  bool holds(uint64_t address) const noexcept { return address - start < end - start; }
};

/// The module at an address. Threads: any. Takes no lock, calls nothing hooked.
UnwindModule findUnwindModule(uint64_t address) noexcept;

/// To be called after dlclose. Retires the numbers of modules that are no longer there; true when there was
/// one. Threads: any.
bool retireUnloadedModules() noexcept;

/// How often a module was met that there was no room or no number for.
uint64_t unwindModulesNotKept() noexcept;

}  // namespace leakgate::shim
