// By which call stacks a place grows: of heap blocks, mappings, descriptors or threads. A record has stacks
// at depth stacks only.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "analysis/finding.hpp"
#include "region/call_stacks.hpp"
#include "replay/run_record.hpp"

namespace leakgate {

/// One way to a place. What was counted by its caller alone is a truncated stack of one frame.
struct StackGrowth {
  CallStack stack;
  Series blocks;  ///< live (descriptors: open ...), above "warm"
  Series bytes;
};

/// Whose stacks are asked for. A place may have several callers where the compiler copied it.
struct GrowingPlace {
  FindingKind kind = FindingKind::heap;
  std::span<const CodeLocation> callers;
  std::string scope;  ///< heap only
};

/// The stacks of a place whose live blocks or bytes rose over the measured requests, the largest first.
std::vector<StackGrowth> stackGrowths(const RunRecord& record, const GrowingPlace& place);

/// A stack filter (layout.hpp, kStackFilterVariable) of the places and sizes that the heap findings' growth
/// consists of; "" when no place is known. A place that opens mappings, descriptors or threads stands for
/// itself: the filter then lists no block.
std::string stackFilterOf(const RunRecord& record, std::span<const Finding> findings);

}  // namespace leakgate
