// Finds the call stacks by which a place of heap blocks, mappings, descriptors or threads grows. A record has
// stacks only at depth stacks.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "analysis/finding.hpp"
#include "region/call_stacks.hpp"
#include "replay/run_record.hpp"

namespace leakgate {

/// One call stack of a place. Resources counted only by their caller have a truncated stack of one frame.
struct StackGrowth {
  CallStack stack;
  Series blocks;  ///< live (or open), above "warm"
  Series bytes;
};

/// The place whose stacks are wanted. It may have several callers where the compiler duplicated code.
struct GrowingPlace {
  FindingKind kind = FindingKind::heap;
  std::span<const CodeLocation> callers;
  std::string scope;  ///< heap only
};

/// The stacks of a place whose live blocks or bytes rose over the measured requests, the largest first.
std::vector<StackGrowth> stackGrowths(const RunRecord& record, const GrowingPlace& place);

/// A stack filter (layout.hpp, kStackFilterVariable) of the places and sizes in which the heap findings grow;
/// "" when no place is known. Places of mappings, descriptors or threads need no entry: the filter then lists
/// no block.
std::string stackFilterOf(const RunRecord& record, std::span<const Finding> findings);

/// Whether the replay with stacks must repeat the added blocks too. A leak of a block every few requests
/// shows in the planned ones.
bool needsAddedBlocks(std::span<const Finding> findings);

/// Whether it must repeat the cool-down and its rounds too: a managed heap grows beneath objects that expire,
/// and its collector reports the places of both.
bool needsRests(const RunRecord& record, std::span<const Finding> findings);

}  // namespace leakgate
