// Profiles for tests, a stack at a time.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>

#include "report/allocation_profile.hpp"

namespace leakgate {

/// Builds the mix of a profile. The total is the sum of all stacks and others.
class ProfileMaker {
 public:
  explicit ProfileMaker(std::uint64_t requests) { profile_.mix.requests = requests; }

  /// `functions`: innermost first, each in FUNCTION.cpp.
  ProfileMaker& stack(std::initializer_list<const char*> functions, std::uint64_t allocations,
                      std::uint64_t bytes) {
    ProfiledStack stack;
    for (const char* function : functions) {
      stack.fingerprint += std::string("/") + function;
      stack.frames.push_back(static_cast<std::uint32_t>(profile_.frames.size()));
      Frame frame;
      frame.function = function;
      frame.file = frame.function + ".cpp";
      frame.line = 10;
      profile_.frames.push_back(frame);
    }
    const AllocationCounts counts{allocations, bytes, allocations};
    profile_.mix.stacks.push_back({static_cast<std::uint32_t>(profile_.stacks.size()), counts});
    profile_.mix.total += counts;
    profile_.stacks.push_back(std::move(stack));
    return *this;
  }

  ProfileMaker& others(std::uint64_t allocations, std::uint64_t bytes) {
    profile_.mix.others = {allocations, bytes, allocations};
    profile_.mix.total += profile_.mix.others;
    return *this;
  }

  AllocationProfile profile() const { return profile_; }

 private:
  AllocationProfile profile_;
};

}  // namespace leakgate
