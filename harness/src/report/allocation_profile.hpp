// What each call stack of a target allocates: the profile of a run at depth stacks.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/stack_profile.hpp"
#include "symbols/frame.hpp"

namespace leakgate {

/// A call stack by name: its lines, whatever their addresses.
struct ProfiledStack {
  std::string fingerprint;  ///< as NamedStack::fingerprint: the same for the same functions in another build
  std::string scope;        ///< allocation scope, "" outside of any
  bool truncated = false;   ///< the outer end is missing
  std::vector<std::uint32_t> frames;  ///< indexes into AllocationProfile::frames, innermost first
};

/// One stack's counts in one part of a profile.
struct ProfiledCounts {
  std::uint32_t stack = 0;  ///< index into AllocationProfile::stacks
  AllocationCounts counts;
};

/// One replay: all steps mixed, or one step alone in a new process. Counts are sums over `requests`.
struct ProfiledPart {
  std::string step;  ///< "" for all steps mixed
  std::uint64_t requests = 0;
  std::string responses;               ///< by status: "200: 800"
  std::string problem;                 ///< why nothing was measured; "" when it was
  AllocationCounts total;              ///< of the whole target: of `stacks` and of `others`
  std::vector<ProfiledCounts> stacks;  ///< by allocations, then bytes, then live bytes, the most first
  AllocationCounts others;             ///< of stacks beyond the bound, and of processes that have ended
  std::uint64_t otherStacks = 0;       ///< how many stacks are in `others`
};

/// Frames and stacks are stored once, however many parts they are in.
struct AllocationProfile {
  std::vector<Frame> frames;
  std::vector<ProfiledStack> stacks;  ///< at most kMaxProfiledStacks
  ProfiledPart mix;
  std::vector<ProfiledPart> steps;  ///< each replayed alone; empty where that was not asked for
};

inline constexpr std::size_t kMaxProfiledStacks = 10'000;

/// The frames of a stack of the profile, innermost first.
std::vector<Frame> framesOf(const AllocationProfile& profile, const ProfiledStack& stack);

}  // namespace leakgate
