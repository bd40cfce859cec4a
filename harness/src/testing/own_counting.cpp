#include "testing/own_counting.hpp"

#include <stdlib.h>

#include <memory>

#include "region/layout.hpp"

// In the shim, if it is linked. Returns 0, or -1 when this process already counts.
extern "C" int leakgate_count_from_now() noexcept __attribute__((weak));

namespace leakgate::testing {

// The shim reads its settings from the environment. They are removed immediately, so that children do not
// count.
OwnCounting::OwnCounting() : reader_(control_.directory()) {
  ::setenv(layout::kDirectoryVariable, control_.directory().c_str(), 1);
  ::setenv(layout::kDepthVariable, "stacks", 1);
  leakgate_count_from_now();
  ::unsetenv(layout::kDirectoryVariable);
  ::unsetenv(layout::kDepthVariable);
}

OwnCounting* OwnCounting::instance() {
  const bool can = leakgate_count_from_now != nullptr && ::getenv(layout::kDirectoryVariable) == nullptr;
  static const std::unique_ptr<OwnCounting> counting(can ? new OwnCounting : nullptr);
  return counting.get();
}

MemorySnapshot OwnCounting::read() { return reader_.read(); }

}  // namespace leakgate::testing
