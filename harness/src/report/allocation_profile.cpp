#include "report/allocation_profile.hpp"

namespace leakgate {

std::vector<Frame> framesOf(const AllocationProfile& profile, const ProfiledStack& stack) {
  std::vector<Frame> frames;
  for (const std::uint32_t index : stack.frames) frames.push_back(profile.frames[index]);
  return frames;
}

}  // namespace leakgate
