// What a runtime's own collector says of its heap, after a collection where the program collects.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "replay/managed_runtime.hpp"

namespace leakgate {

/// Where objects were allocated: a function and line, or a class alone.
struct HeapPlace {
  std::string function;
  std::string file;
  unsigned line = 0;

  friend auto operator<=>(const HeapPlace&, const HeapPlace&) = default;
};

struct HeapAmount {
  std::uint64_t bytes = 0;   ///< 0 throughout where the runtime counts blocks alone
  std::uint64_t blocks = 0;  ///< 0 throughout where it counts bytes alone

  friend bool operator==(const HeapAmount&, const HeapAmount&) = default;
};

/// Live objects of one kind of runtime, over all processes of a target.
struct ManagedHeap {
  HeapAmount live;
  std::uint64_t heaps = 0;                 ///< one a process, one more for each worker of Node.js
  std::map<HeapPlace, HeapAmount> places;  ///< live objects by place, as far as the runtime tells
  std::uint64_t uncollected = 0;           ///< of the heaps, in programs that have turned collection off

  friend bool operator==(const ManagedHeap&, const ManagedHeap&) = default;
};

using ManagedHeaps = std::map<Runtime, ManagedHeap>;

void addAmount(HeapAmount& sum, const HeapAmount& part);

/// Adds a heap to those that were read before.
void addHeap(ManagedHeap& sum, const ManagedHeap& one);

/// Text of a collector in the target (collector_scripts.hpp):
///
///   heap BYTES BLOCKS
///   uncollected                                            only where the program has turned it off
///   place BYTES BLOCKS FUNCTION <tab> FILE <tab> LINE      any number
///   end
///
/// Nothing when it is cut short or is something else.
std::optional<ManagedHeap> parseCollectorReport(std::string_view text);

/// Text of the JVM's GC.class_histogram, which is made after a full collection. The places are classes.
std::optional<ManagedHeap> parseClassHistogram(std::string_view text);

}  // namespace leakgate
