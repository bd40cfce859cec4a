#include "report/profile_builder.hpp"

#include <algorithm>

#include "analysis/growth_series.hpp"
#include "report/status_counts.hpp"

namespace leakgate {

namespace {

double shareOf(double part, double total) { return total > 0 ? part / total : 0; }

// Its largest share: a stack with a single large block matters as well.
double weightOf(const AllocationCounts& counts, const AllocationCounts& total) {
  const auto number = [](auto value) { return static_cast<double>(value); };
  return std::max({shareOf(number(counts.allocations), number(total.allocations)),
                   shareOf(number(counts.bytes), number(total.bytes)),
                   shareOf(number(counts.liveBytes), number(total.liveBytes))});
}

// The largest first; equal ones stay in the order of their frames.
void sortByWeight(StackProfile& counted) {
  std::stable_sort(counted.stacks.begin(), counted.stacks.end(),
                   [&](const StackCounts& a, const StackCounts& b) {
                     return weightOf(a.counts, counted.total) > weightOf(b.counts, counted.total);
                   });
}

bool allocatesMore(const ProfiledCounts& a, const ProfiledCounts& b) {
  const auto key = [](const ProfiledCounts& of) {
    return std::tuple(of.counts.allocations, of.counts.bytes, of.counts.liveBytes);
  };
  return key(a) != key(b) ? key(a) > key(b) : a.stack < b.stack;
}

AllocationCounts difference(const AllocationCounts& total, const AllocationCounts& part) {
  AllocationCounts rest;
  rest.allocations = total.allocations - part.allocations;
  rest.bytes = total.bytes - part.bytes;
  rest.freedInBlock = total.freedInBlock - part.freedInBlock;
  rest.freedLater = total.freedLater - part.freedLater;
  rest.liveBlocks = total.liveBlocks - part.liveBlocks;
  rest.liveBytes = total.liveBytes - part.liveBytes;
  return rest;
}

std::map<int, std::uint64_t> statusesOf(const RunRecord& record) {
  std::map<int, std::uint64_t> statuses;
  for (std::size_t k = 1; k < std::min(record.checkpoints.size(), kPlannedIntervals + 1); ++k) {
    for (const auto& [status, count] : record.checkpoints[k].block.statuses) statuses[status] += count;
  }
  return statuses;
}

}  // namespace

ProfileBuilder::ProfileBuilder(const AllocationProfile& profile, const Naming& naming)
    : naming_(remembering(naming)) {
  profile_.frames = profile.frames;
  profile_.stacks = profile.stacks;
  for (std::uint32_t i = 0; i < profile.frames.size(); ++i) frames_.try_emplace(keyOf(profile.frames[i]), i);
  for (std::uint32_t i = 0; i < profile.stacks.size(); ++i) {
    const ProfiledStack& stack = profile.stacks[i];
    stacks_.try_emplace({stack.frames, stack.scope, stack.truncated}, i);
  }
}

// As sameLines() compares; of a frame without a name the address is all that is known.
ProfileBuilder::FrameKey ProfileBuilder::keyOf(const Frame& frame) {
  return {frame.function, frame.file, frame.line, frame.module, frame.function.empty() ? frame.offset : 0};
}

// Nothing when the table of stacks is full and a frame is new: no stack there has it.
std::optional<std::vector<std::uint32_t>> ProfileBuilder::frameIndexes(const std::vector<Frame>& frames) {
  std::vector<std::uint32_t> indexes;
  for (const Frame& frame : frames) {
    FrameKey key = keyOf(frame);
    auto known = frames_.find(key);
    if (known == frames_.end()) {
      if (isFull()) return std::nullopt;
      known = frames_.emplace(std::move(key), static_cast<std::uint32_t>(profile_.frames.size())).first;
      profile_.frames.push_back(frame);
    }
    indexes.push_back(known->second);
  }
  return indexes;
}

// Nothing when the table is full.
std::optional<std::uint32_t> ProfileBuilder::stackIndex(const StackCounts& counted) {
  const std::vector<Frame> frames = namedFrames(counted.stack, naming_);
  auto indexes = frameIndexes(frames);
  if (!indexes) return std::nullopt;
  StackKey key{std::move(*indexes), counted.scope, counted.stack.truncated};
  const auto known = stacks_.find(key);
  if (known != stacks_.end()) return known->second;
  if (isFull()) return std::nullopt;
  const auto next = static_cast<std::uint32_t>(profile_.stacks.size());
  profile_.stacks.push_back(
      {stackFingerprint(frames), counted.scope, counted.stack.truncated, std::get<0>(key)});
  stacks_.emplace(std::move(key), next);
  return next;
}

ProfiledPart ProfileBuilder::part(const RunRecord& record) {
  StackProfile counted = stackProfile(record);
  sortByWeight(counted);
  ProfiledPart part;
  part.requests = counted.requests;
  part.responses = statusCounts(statusesOf(record));
  part.total = counted.total;
  std::map<std::uint32_t, AllocationCounts> byStack;
  AllocationCounts listed;
  for (const StackCounts& stack : counted.stacks) {
    if (const auto index = stackIndex(stack)) {
      byStack[*index] += stack.counts;
      listed += stack.counts;
    } else {
      ++part.otherStacks;
    }
  }
  part.others = difference(part.total, listed);
  for (const auto& [index, counts] : byStack) part.stacks.push_back({index, counts});
  std::sort(part.stacks.begin(), part.stacks.end(), allocatesMore);
  return part;
}

AllocationProfile ProfileBuilder::take(ProfiledPart mix, std::vector<ProfiledPart> steps) {
  profile_.mix = std::move(mix);
  profile_.steps = std::move(steps);
  return std::move(profile_);
}

AllocationProfile profileOf(const RunRecord& record, const Naming& naming) {
  ProfileBuilder builder(naming);
  ProfiledPart mix = builder.part(record);
  return builder.take(std::move(mix), {});
}

}  // namespace leakgate
