// How the allocations of each call stack changed between two profiles.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/allocation_profile.hpp"

namespace leakgate {

/// Allocations per request.
struct AllocationRate {
  double blocks = 0;
  double bytes = 0;
};

struct StackChange {
  enum class Fate {
    added,    ///< allocates in the newer profile only
    changed,  ///< more or less than before
    moved,    ///< as much as before; a function was renamed, inlined, added or moved
    gone
  };

  Fate fate = Fate::changed;
  std::vector<Frame> frames;  ///< of the newer profile; of the older one if gone. Innermost first
  bool truncated = false;     ///< the outer end is missing
  std::string fingerprint;
  std::string scope;  ///< allocation scope
  AllocationRate before;
  AllocationRate after;
  double similarity = 1;  ///< of the two stacks, see pairStacks()

  double blocksAdded() const { return after.blocks - before.blocks; }
  double bytesAdded() const { return after.bytes - before.bytes; }
};

/// One part of two profiles: all steps mixed, or one step alone.
///
/// The changes of `stacks` with `others` add up to the change of the total, up to the rounding of the sums.
struct PartChanges {
  std::string step;  ///< "" for all steps mixed
  AllocationRate before;
  AllocationRate after;
  std::vector<StackChange> stacks;  ///< those that differ, most blocks added first
  AllocationRate others;            ///< added at no stack that is in the profiles

  double blocksAdded() const { return after.blocks - before.blocks; }
  double bytesAdded() const { return after.bytes - before.bytes; }
};

/// The mix first, then each step that was measured alone in both profiles. Pure.
std::vector<PartChanges> stackChanges(const AllocationProfile& before, const AllocationProfile& after);

/// "new", "changed", "moved", "gone".
std::string_view toString(StackChange::Fate fate);

}  // namespace leakgate
