// The modules (executable and shared libraries) whose code has been seen on a stack.
//
// A rule outlives its module: a library can be unloaded and another one mapped in its place. So every rule
// carries the number of its module, and no number is used twice. Each lookup of an address asks the loader
// (without a lock, some 10 ns) and compares the result with the entry here.
#pragma once

#include <stdint.h>

#include "shim/unwind/eh_frame.hpp"

namespace leakgate::shim {

inline constexpr uint32_t kUnwindModules = 2048;            ///< at a time
inline constexpr uint32_t kModuleNumbers = (1u << 15) - 1;  ///< in the life of a process

struct UnwindModule {
  uint64_t start;  ///< of its mapping; 0: there is no such module
  uint64_t end;
  uint64_t content;  ///< distinguishes most builds, in case a library is unloaded without a hook seeing it
  EhFrame frames;
  uint32_t number;  ///< 1 or more; 0: no room, nothing may be cached for this module

  bool holds(uint64_t address) const noexcept { return address - start < end - start; }
};

/// The module at an address. Threads: any. Takes no lock, calls nothing hooked.
UnwindModule findUnwindModule(uint64_t address) noexcept;

/// To be called after dlclose. Retires the numbers of unloaded modules; returns true when there was one.
/// Threads: any.
bool retireUnloadedModules() noexcept;

/// How often there was no room or no number left for a module.
uint64_t unwindModulesNotKept() noexcept;

}  // namespace leakgate::shim
