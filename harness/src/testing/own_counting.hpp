// The shim's counts of the process itself.
#pragma once

#include "h3http/alloc_scope.h"
#include "region/control_region.hpp"
#include "region/region_reader.hpp"

namespace leakgate::testing {

/// Allocations of the reading itself are counted in this scope, to separate them from the program's.
inline leakgate_scope gReadingScope{"leakgate.testing", 0};

/// Starts counting in this process, with call stacks. One per process; ends with it.
class OwnCounting {
 public:
  /// nullptr when nothing can be counted: see available().
  static OwnCounting* instance();

  /// All current counts, including those in gReadingScope. Allocates, in that scope.
  MemorySnapshot read();

 private:
  OwnCounting();

  ControlRegion control_;
  RegionReader reader_;
};

}  // namespace leakgate::testing
