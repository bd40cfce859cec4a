// The shim's counts of the very process that reads them.
#pragma once

#include "h3http/alloc_scope.h"
#include "region/control_region.hpp"
#include "region/region_reader.hpp"

namespace leakgate::testing {

/// What the reading itself allocates is counted in this scope, so that it can be told from the program's.
inline leakgate_scope gReadingScope{"leakgate.testing", 0};

/// Starts the counting of this process, with call stacks. One for the process; ends with it.
class OwnCounting {
 public:
  /// nullptr where nothing can be counted: see available().
  static OwnCounting* instance();

  /// Everything that is counted now, what gReadingScope holds included. Allocates, in that scope.
  MemorySnapshot read();

 private:
  OwnCounting();

  ControlRegion control_;
  RegionReader reader_;
};

}  // namespace leakgate::testing
