// Recognises functions that allocate for their callers, by their signatures.
#pragma once

#include <elfutils/libdw.h>

namespace leakgate {

/// Whether a function returns `void*` and takes a `size_t`, as malloc() and a program's own xmalloc(),
/// safe_alloc() or pool_alloc() do: such a function hands the block to its caller. Uses types only, no names;
/// `-g1` has no types, so it returns false there.
bool isAllocationFunction(const Dwarf_Die& function);

}  // namespace leakgate
