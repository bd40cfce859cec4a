// What a thread that counts has at hand.
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

/// Two sites of one hash, in one line of the processor's cache; the newer one first. With one entry
/// only, two busy sites of a program can take it from each other at every event.
struct alignas(64) CachedSites {
  CachedSite sites[2];
};

inline constexpr unsigned kCachedSitesLog2 = 9;

/// Frames that the shim itself may have on the stack, hook included.
inline constexpr unsigned kOwnFrames = 12;

class StackCache;

struct alignas(64) ThreadState {
  layout::Counter* counters;  ///< nullptr: no slot yet, or wiped by fork
  uint32_t unwinding;         ///< 1: in the unwinder; read by a thread that forks
  StackCache* stacks;         ///< nullptr: not used yet
  CachedSites cache[1u << kCachedSitesLog2];
  uint64_t frames[layout::kFramesPerStack + kOwnFrames];  ///< here, because a thread's stack may be small
};

/// What is looked up at each event, together.
struct ThreadLocals {
  /// Never null, so that the hot path has one test only: a thread without a
  /// slot points at a state without counters.
  ThreadState* state;
  uint32_t scope;  ///< the innermost allocation scope
};

// constinit: without it each use from another file would call a function that asks whether it is initialised.
[[gnu::visibility("hidden")]] extern constinit thread_local ThreadLocals tLocals;

}  // namespace leakgate::shim
