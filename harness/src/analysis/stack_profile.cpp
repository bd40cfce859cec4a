#include "analysis/stack_profile.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <tuple>

#include "analysis/growth_series.hpp"

namespace leakgate {

namespace {

using Planned = std::span<const Checkpoint>;

struct Amount {
  std::uint64_t allocations = 0;
  std::uint64_t frees = 0;
  std::uint64_t bytes = 0;

  void add(const SiteRow& row) {
    allocations += row.allocations;
    frees += row.frees;
    bytes += row.allocatedBytes;
  }
};

// What was allocated in one block of requests, as its checkpoint and the last one have it. A process that has
// ended since is in the first alone; what a target allocates by itself between two blocks is in the second
// alone.
struct BlockAmounts {
  Amount atItsEnd;
  Amount atTheEnd;
};

struct StackAmounts {
  std::array<BlockAmounts, kPlannedIntervals + 1> blocks;  // by number; the warm-up is 0
  std::int64_t liveBlocks = 0;
  std::int64_t liveBytes = 0;
};

using StackKey = std::tuple<std::uint32_t, CodeLocation, std::string>;
using AmountsByStack = std::map<StackKey, StackAmounts>;

AmountsByStack sumByStack(Planned checkpoints) {
  AmountsByStack sums;
  const std::size_t last = checkpoints.size() - 1;
  for (std::size_t k = 0; k <= last; ++k) {
    for (const SiteRow& row : checkpoints[k].memory.sites) {
      if (row.epoch > last || (row.epoch != k && k != last)) continue;
      StackAmounts& sum = sums[{row.stack, row.caller, row.scope}];
      if (row.epoch == k) sum.blocks[k].atItsEnd.add(row);
      if (k != last) continue;
      sum.blocks[row.epoch].atTheEnd.add(row);
      sum.liveBlocks += static_cast<std::int64_t>(row.allocations - row.frees);
      sum.liveBytes += static_cast<std::int64_t>(row.allocatedBytes - row.freedBytes);
    }
  }
  return sums;
}

AllocationCounts countsOf(const StackAmounts& amounts) {
  AllocationCounts counts;
  counts.liveBlocks = amounts.liveBlocks;
  counts.liveBytes = amounts.liveBytes;
  for (std::size_t k = 1; k < amounts.blocks.size(); ++k) {
    const auto& [own, end] = amounts.blocks[k];
    const std::uint64_t made = std::max(own.allocations, end.allocations);
    const std::uint64_t freed = std::min(own.frees, made);
    const std::uint64_t kept = end.allocations - std::min(end.frees, end.allocations);
    counts.allocations += made;
    counts.bytes += std::max(own.bytes, end.bytes);
    counts.freedInBlock += freed;
    counts.freedLater += made - freed - std::min(kept, made - freed);
  }
  return counts;
}

std::uint64_t above(std::uint64_t value, std::uint64_t part) { return value - std::min(value, part); }

// What the target allocated at no stack. The blocks of a process that has ended count as freed.
AllocationCounts restOf(Planned checkpoints, const AllocationCounts& counted) {
  const MemoryTotals& warm = checkpoints.front().memory.totals;
  const MemoryTotals& last = checkpoints.back().memory.totals;
  AllocationCounts rest;
  rest.allocations = above(last.allocations - warm.allocations, counted.allocations);
  rest.bytes = above(last.allocatedBytes - warm.allocatedBytes, counted.bytes);
  rest.liveBlocks = last.liveBlocks() - counted.liveBlocks;
  rest.liveBytes = last.liveBytes() - counted.liveBytes;
  rest.freedLater =
      above(rest.allocations, static_cast<std::uint64_t>(std::max<std::int64_t>(rest.liveBlocks, 0)));
  return rest;
}

}  // namespace

AllocationCounts& operator+=(AllocationCounts& sum, const AllocationCounts& part) {
  sum.allocations += part.allocations;
  sum.bytes += part.bytes;
  sum.freedInBlock += part.freedInBlock;
  sum.freedLater += part.freedLater;
  sum.liveBlocks += part.liveBlocks;
  sum.liveBytes += part.liveBytes;
  return sum;
}

StackProfile stackProfile(const RunRecord& record) {
  StackProfile profile;
  const Planned planned =
      Planned(record.checkpoints).first(std::min(record.checkpoints.size(), kPlannedIntervals + 1));
  if (planned.empty()) return profile;
  profile.requests = planned.back().requests;
  const auto& stacks = planned.back().memory.stacks;
  for (const auto& [key, amounts] : sumByStack(planned)) {
    const auto& [number, caller, scope] = key;
    const AllocationCounts counts = countsOf(amounts);
    profile.total += counts;
    if (counts == AllocationCounts{}) continue;
    CallStack stack = number != 0 && stacks ? stacks->at(number) : CallStack{{caller}, true};
    profile.stacks.push_back({std::move(stack), scope, counts});
  }
  profile.total += restOf(planned, profile.total);
  std::sort(profile.stacks.begin(), profile.stacks.end(), [](const StackCounts& a, const StackCounts& b) {
    return std::tie(a.stack, a.scope) < std::tie(b.stack, b.scope);
  });
  return profile;
}

}  // namespace leakgate
