// Pairs the call stacks of two builds of a program.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "symbols/frame.hpp"

namespace leakgate {

/// A call stack of a build. A place without its callers is a stack of one frame.
struct PairableStack {
  std::span<const Frame> frames;  ///< innermost first
  std::string_view scope;         ///< allocation scope
};

struct StackPair {
  std::size_t before = 0;  ///< position in the older build's stacks
  std::size_t after = 0;   ///< position in the newer build's
  double similarity = 1;   ///< 1: the same functions; below: some were renamed, inlined, added or moved
};

struct StackPairs {
  std::vector<StackPair> pairs;    ///< in the order of `after`
  std::vector<std::size_t> gone;   ///< of the older build, unpaired
  std::vector<std::size_t> added;  ///< of the newer build, unpaired
};

/// Stacks that are less similar are not paired.
inline constexpr double kLeastSimilarity = 0.5;

/// Pairs one to one, the most similar first:
///
/// - the same functions, at best in the same lines;
/// - the same functions after renames: a name that only the older build has and one that only the newer has
///   are a rename if they have the same neighbours in their stacks and a similar name or the same file; a
///   stack of one frame needs the same file and a similar name;
/// - the rest by the share of common frames. A frame counts by how rare its function is, so that those of
///   the event loop say little.
///
/// A function without a name is known by its module, without the version in the module's name.
/// Time: about linear in the number of frames. Pure.
StackPairs pairStacks(std::span<const PairableStack> before, std::span<const PairableStack> after);

}  // namespace leakgate
