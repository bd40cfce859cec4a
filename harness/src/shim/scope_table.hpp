// Allocation scopes by number, in the region: 0 is "outside of any scope". Numbers
// are given by leakgate_scope_enter.
#pragma once

#include <stdint.h>

namespace leakgate::shim {

/// How many there are, 1 at the start. A child of fork has as many as its parent had at the fork.
uint32_t scopeCount() noexcept;

}  // namespace leakgate::shim
