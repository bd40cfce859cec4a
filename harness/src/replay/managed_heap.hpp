// A runtime's own report of its heap, after a collection if the program allows one.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "replay/managed_runtime.hpp"

namespace leakgate {

/// Where objects were allocated: a function and line, or only a class.
struct HeapPlace {
  std::string function;
  std::string file;
  unsigned line = 0;

  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 sees a 0 in each comparison
  friend auto operator<=>(const HeapPlace&, const HeapPlace&) = default;
};

struct HeapAmount {
  std::uint64_t bytes = 0;   ///< always 0 where the runtime counts only blocks
  std::uint64_t blocks = 0;  ///< always 0 where it counts only bytes

  friend bool operator==(const HeapAmount&, const HeapAmount&) = default;
};

/// Live objects of one kind of runtime, over all processes of a target.
struct ManagedHeap {
  HeapAmount live;
  std::uint64_t heaps = 0;                 ///< one per process, one more per worker of Node.js
  std::map<HeapPlace, HeapAmount> places;  ///< live objects by place, as far as the runtime reports it
  std::uint64_t uncollected = 0;  ///< how many of the heaps are in programs that have turned collection off

  friend bool operator==(const ManagedHeap&, const ManagedHeap&) = default;
};

using ManagedHeaps = std::map<Runtime, ManagedHeap>;

void addAmount(HeapAmount& sum, const HeapAmount& part);

/// Adds a heap to the sum.
void addHeap(ManagedHeap& sum, const ManagedHeap& one);

/// Text of a collector in the target (collector_scripts.hpp):
///
///   heap BYTES BLOCKS
///   uncollected                                            only where the program has turned it off
///   place BYTES BLOCKS FUNCTION <tab> FILE <tab> LINE      any number
///   end
///
/// Nothing when the text is incomplete or is something else.
std::optional<ManagedHeap> parseCollectorReport(std::string_view text);

/// Text of the JVM's GC.class_histogram, which is made after a full collection. The places are classes.
std::optional<ManagedHeap> parseClassHistogram(std::string_view text);

}  // namespace leakgate
