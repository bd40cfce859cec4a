// Reads which sites are unwound, when only some are: LEAKGATE_STACK_FILTER, see layout.hpp.
#pragma once

#include <stdint.h>

namespace leakgate::shim {

/// Reads the file. Once per program. Aborts when it cannot be read, or has an invalid line or too many lines.
void prepareFilter(const char* path) noexcept;

/// Whether the filter lists a site; never without a filter. caller: a packed location.
bool filterLists(uint64_t caller, uint16_t sizeClass) noexcept;

}  // namespace leakgate::shim
