#include "region/call_stacks.hpp"

namespace leakgate {

std::uint32_t CallStacks::numberOf(const CodeLocation& location) {
  const auto fresh = static_cast<std::uint32_t>(locations_.size());
  const auto [at, added] = locationNumbers_.try_emplace(location, fresh);
  if (added) locations_.push_back(&at->first);
  return at->second;
}

std::uint32_t CallStacks::add(std::span<const CodeLocation> frames, bool truncated) {
  Entry entry;
  entry.truncated = truncated;
  for (const CodeLocation& frame : frames) entry.frames.push_back(numberOf(frame));
  const auto fresh = static_cast<std::uint32_t>(stacks_.size() + 1);
  const auto [at, added] = numbers_.try_emplace(std::move(entry), fresh);
  if (added) stacks_.push_back(&at->first);
  return at->second;
}

CallStack CallStacks::at(std::uint32_t number) const {
  const Entry& entry = *stacks_.at(number - 1);
  CallStack stack;
  stack.truncated = entry.truncated;
  for (const std::uint32_t frame : entry.frames) stack.frames.push_back(*locations_[frame]);
  return stack;
}

const CodeLocation& CallStacks::callerOf(std::uint32_t number) const {
  return *locations_[stacks_.at(number - 1)->frames.front()];
}

}  // namespace leakgate
