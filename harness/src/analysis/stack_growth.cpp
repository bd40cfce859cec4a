#include "analysis/stack_growth.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "analysis/managed_heap.hpp"
#include "analysis/resource_growth.hpp"
#include "region/layout.hpp"

namespace leakgate {

namespace {

// More size classes than this (texts of any length): the filter then lists the place for all sizes.
constexpr std::size_t kFewSizes = 16;

struct Live {
  Series blocks;
  Series bytes;
};

// Sums of rows by their stacks, at each checkpoint.
class StackSums {
 public:
  explicit StackSums(std::size_t checkpoints) : checkpoints_(checkpoints) {}

  template <class Row>
  void add(std::size_t checkpoint, const Row& row, std::uint64_t blocks, std::uint64_t bytes) {
    Live& live = byStack_[{row.stack, row.caller}];
    live.blocks.resize(checkpoints_);
    live.bytes.resize(checkpoints_);
    live.blocks[checkpoint] += static_cast<std::int64_t>(blocks);
    live.bytes[checkpoint] += static_cast<std::int64_t>(bytes);
  }

  auto& byStack() { return byStack_; }

 private:
  std::size_t checkpoints_;
  std::map<std::pair<std::uint32_t, CodeLocation>, Live> byStack_;
};

bool contains(std::span<const CodeLocation> callers, const CodeLocation& caller) {
  return std::find(callers.begin(), callers.end(), caller) != callers.end();
}

void addBlocks(StackSums& sums, std::size_t checkpoint, const MemorySnapshot& memory,
               const GrowingPlace& place) {
  for (const auto& row : memory.sites) {
    if (row.scope == place.scope && contains(place.callers, row.caller))
      sums.add(checkpoint, row, row.allocations - row.frees, row.allocatedBytes - row.freedBytes);
  }
}

void addResources(StackSums& sums, std::size_t checkpoint, const MemorySnapshot& memory,
                  const GrowingPlace& place) {
  for (const auto& row : memory.resources) {
    if (findingKindOf(row.kind) == placeKindOf(place.kind) && contains(place.callers, row.caller))
      sums.add(checkpoint, row, row.opened - row.closed, row.openedBytes - row.closedBytes);
  }
}

StackGrowth growthOf(const RunRecord& record, std::uint32_t number, const CodeLocation& caller, Live live) {
  aboveWarm(live.blocks);
  aboveWarm(live.bytes);
  const auto& stacks = record.checkpoints.back().memory.stacks;
  CallStack stack = number != 0 && stacks ? stacks->at(number) : CallStack{{caller}, true};
  return {std::move(stack), std::move(live.blocks), std::move(live.bytes)};
}

bool larger(const StackGrowth& a, const StackGrowth& b) {
  if (a.bytes.back() != b.bytes.back()) return a.bytes.back() > b.bytes.back();
  if (a.blocks.back() != b.blocks.back()) return a.blocks.back() > b.blocks.back();
  return a.stack < b.stack;
}

using BlocksBySize = std::map<std::uint64_t, std::int64_t>;

// By how many blocks of each size class a place has grown since "warm".
BlocksBySize growthBySize(const RunRecord& record, const CodeLocation& caller) {
  BlocksBySize growth;
  const auto addAll = [&](const Checkpoint& checkpoint, std::int64_t sign) {
    for (const auto& row : checkpoint.memory.sites) {
      if (row.caller != caller) continue;
      growth[row.sizeClassBytes] += sign * static_cast<std::int64_t>(row.allocations - row.frees);
    }
  };
  addAll(record.checkpoints.back(), 1);
  addAll(record.checkpoints.front(), -1);
  std::erase_if(growth, [](const auto& entry) { return entry.second <= 0; });
  return growth;
}

// A collector names the places of a managed heap itself: nothing needs unwinding.
constexpr const char* kNoPlaceLine = "* 0 -\n";

}  // namespace

std::vector<StackGrowth> stackGrowths(const RunRecord& record, const GrowingPlace& place) {
  StackSums sums(record.checkpoints.size());
  for (std::size_t k = 0; k < record.checkpoints.size(); ++k) {
    const MemorySnapshot& memory = record.checkpoints[k].memory;
    if (place.kind == FindingKind::heap)
      addBlocks(sums, k, memory, place);
    else
      addResources(sums, k, memory, place);
  }
  std::vector<StackGrowth> growths;
  for (auto& [key, live] : sums.byStack())
    growths.push_back(growthOf(record, key.first, key.second, std::move(live)));
  std::erase_if(growths, [](const StackGrowth& g) { return g.blocks.back() <= 0 && g.bytes.back() <= 0; });
  std::sort(growths.begin(), growths.end(), larger);
  return growths;
}

std::string stackFilterOf(const RunRecord& record, std::span<const Finding> findings) {
  std::set<std::string> lines;
  for (const Finding& finding : findings) {
    if (finding.kind == FindingKind::managed) lines.insert(kNoPlaceLine);
    if (finding.caller.module.empty()) continue;
    const std::string place = fmt::format("{:x} {}\n", finding.caller.offset,
                                          std::filesystem::path(finding.caller.module).filename().string());
    const BlocksBySize sizes = growthBySize(record, finding.caller);
    // Without additional blocks, one block grows from size to size, or the place allocates no blocks.
    if (sizes.empty() || sizes.size() > kFewSizes)
      lines.insert("* " + place);
    else
      for (const auto& [bytes, blocks] : sizes)
        lines.insert(fmt::format("{} {}", layout::sizeClassOf(bytes), place));
  }
  std::string text;
  std::size_t count = 0;
  for (const auto& line : lines) {
    if (count++ < layout::kFilterCapacity) text += line;
  }
  return text;
}

bool needsRests(const RunRecord& record, std::span<const Finding> findings) {
  return std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
    return finding.kind == FindingKind::managed && provedByRests(finding, record);
  });
}

bool needsAddedBlocks(std::span<const Finding> findings) {
  constexpr double kPlain = 0.02;
  return std::any_of(findings.begin(), findings.end(), [](const Finding& finding) {
    const bool plain = finding.pattern == Pattern::linear && finding.blocksPerEvent >= kPlain;
    // What a collection leaves varies by more than a leak adds in the planned blocks.
    return (!plain || finding.kind == FindingKind::managed) && finding.follows != Follows::time;
  });
}

}  // namespace leakgate
