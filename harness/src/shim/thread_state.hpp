// The state of a thread that counts.
#pragma once

#include <stdint.h>

#include "region/layout.hpp"

namespace leakgate::shim {

/// A site that the thread has counted lately.
struct CachedSite {
  uint64_t caller;
  uint64_t attributes;
  uint64_t id;
  uint64_t unused;  // a power of two in size makes the index a shift

  bool is(uint64_t otherCaller, uint64_t otherAttributes) const noexcept {
    return caller == otherCaller && attributes == otherAttributes;
  }
};

/// Two sites with one hash, in one cache line; the newer one first. With a single entry, two busy sites could
/// evict each other at every event.
struct alignas(64) CachedSites {
  CachedSite sites[2];
};

inline constexpr unsigned kCachedSitesLog2 = 9;

/// Maximum number of the shim's own frames on the stack, hook included.
inline constexpr unsigned kOwnFrames = 12;

class StackCache;

struct alignas(64) ThreadState {
  layout::Counter* counters;  ///< nullptr: no slot yet, or wiped by fork
  uint32_t unwinding;         ///< 1: in the unwinder; read by a thread that forks
  StackCache* stacks;         ///< nullptr: not used yet
  CachedSites cache[1u << kCachedSitesLog2];
  uint64_t frames[layout::kFramesPerStack + kOwnFrames];  ///< not on the stack, which may be small
};

/// What each event needs, together.
struct ThreadLocals {
  /// Never null, so that the hot path has only one test: a thread without a
  /// slot points at a state without counters.
  ThreadState* state;
  uint32_t scope;  ///< the innermost allocation scope
};

// constinit: otherwise each use from another file would call a function that checks whether it is
// initialised.
[[gnu::visibility("hidden")]] extern constinit thread_local ThreadLocals tLocals;

}  // namespace leakgate::shim
