// Literal replay records for tests: the default protocol of blocks N, N, 2N, 4N with N = 1,000.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "region/call_stacks.hpp"
#include "replay/run_record.hpp"

namespace leakgate {

inline constexpr std::int64_t kMiB = 1 << 20;

/// Requests of each block, the extensions included.
inline const std::vector<std::uint64_t> kBlocks{1000, 1000, 2000, 4000};
inline const std::vector<std::uint64_t> kExtendedBlocks{1000, 1000, 2000, 4000, 8000, 16000};

/// A clean run: settled, consistent, nothing grows, each response is a 200.
class RecordBuilder {
 public:
  explicit RecordBuilder(const std::vector<std::uint64_t>& blocks = kBlocks) {
    record_.scenario.name = "sample";
    record_.scenario.hash = "0123456789abcdef";
    record_.scenario.file = "scenarios/sample.json";
    record_.scenario.target.command = {"server", "--port", "{port}"};
    record_.scenario.steps = {step("login"), step("logout")};
    record_.targetExecutable = "/bin/server";
    addCheckpoint("warm", 0);
    for (const auto requests : blocks)
      addCheckpoint("block " + std::to_string(record_.checkpoints.size()), requests);
    record_.extensions = static_cast<unsigned>(blocks.size() > 4 ? blocks.size() - 4 : 0);
    record_.drained = true;
  }

  static Step step(const std::string& name) {
    Step made;
    made.name = name;
    made.path = "/" + name;
    return made;
  }

  static CodeLocation at(std::uint64_t offset) { return {"/bin/server", offset}; }

  /// Live blocks and bytes of one site at each checkpoint. What fell was freed; every block was allocated
  /// once.
  RecordBuilder& site(const CodeLocation& caller, const std::vector<std::int64_t>& blocks,
                      const std::vector<std::int64_t>& bytes, const std::string& scope = "") {
    MemoryTotals running;
    for (std::size_t k = 0; k < record_.checkpoints.size(); ++k) {
      move(running.allocations, running.frees, blocks[k] - (k == 0 ? 0 : blocks[k - 1]));
      move(running.allocatedBytes, running.freedBytes, bytes[k] - (k == 0 ? 0 : bytes[k - 1]));
      addRow(record_.checkpoints[k].memory, caller, scope, running);
    }
    return *this;
  }

  /// Open descriptors, mappings or threads of one place, and what the kernel counts of them.
  RecordBuilder& resource(ResourceKind kind, const CodeLocation& caller,
                          const std::vector<std::uint64_t>& open,
                          std::uint64_t ProcessSample::*count = nullptr) {
    for (std::size_t k = 0; k < record_.checkpoints.size(); ++k) {
      record_.checkpoints[k].memory.resources.push_back({kind, caller, open[k], 0, open[k] * 4096, 0});
      record_.checkpoints[k].process.mappedBytes += open[k] * 4096;
      if (count != nullptr) record_.checkpoints[k].process.*count += open[k];
    }
    return *this;
  }

  /// The same by one call stack; makes it a record of depth stacks.
  RecordBuilder& resourceStack(ResourceKind kind, const std::vector<CodeLocation>& frames,
                               const std::vector<std::uint64_t>& open,
                               std::uint64_t ProcessSample::*count = nullptr) {
    record_.depth = Depth::stacks;
    const std::uint32_t number = stacks_->add(frames, false);
    resource(kind, frames.front(), open, count);
    for (auto& checkpoint : record_.checkpoints) {
      checkpoint.memory.stacks = stacks_;
      checkpoint.memory.resources.back().stack = number;
    }
    return *this;
  }

  /// Blocks and bytes of one call stack of a site; makes it a record of depth stacks.
  RecordBuilder& stack(const std::vector<CodeLocation>& frames, const std::vector<std::int64_t>& blocks,
                       const std::vector<std::int64_t>& bytes, const std::string& scope = "",
                       std::uint64_t sizeClassBytes = 0) {
    record_.depth = Depth::stacks;
    const std::uint32_t number = stacks_->add(frames, false);
    site(frames.front(), blocks, bytes, scope);
    for (auto& checkpoint : record_.checkpoints) {
      checkpoint.memory.stacks = stacks_;
      checkpoint.memory.sites.back().stack = number;
      checkpoint.memory.sites.back().sizeClassBytes = sizeClassBytes;
    }
    return *this;
  }

  /// `perBlock[k]` requests of each step in block k.
  RecordBuilder& steps(const std::vector<std::vector<std::uint64_t>>& perBlock) {
    for (std::size_t k = 0; k < perBlock.size(); ++k) record_.checkpoints[k + 1].block.byStep = perBlock[k];
    return *this;
  }

  RunRecord& record() { return record_; }
  operator RunRecord() const { return record_; }

 private:
  void addCheckpoint(const std::string& name, std::uint64_t requests) {
    Checkpoint checkpoint;
    checkpoint.name = name;
    checkpoint.requests = (record_.checkpoints.empty() ? 0 : record_.checkpoints.back().requests) + requests;
    checkpoint.block.requests = checkpoint.block.responses = requests;
    checkpoint.block.byStep = {requests, 0};
    checkpoint.block.elapsedNs = requests * 10'000;
    checkpoint.atNs = checkpoint.requests * 10'000;
    if (requests > 0) checkpoint.block.statuses[200] = requests;
    checkpoint.memory.consistent = checkpoint.settled = true;
    checkpoint.process = {.rssBytes = 1 << 20,
                          .mappings = 30,
                          .descriptors = 9,
                          .threads = 2,
                          .processes = 1,
                          .cpuNs = checkpoint.requests * 5'000};
    record_.checkpoints.push_back(checkpoint);
  }

  static void move(std::uint64_t& up, std::uint64_t& down, std::int64_t change) {
    (change >= 0 ? up : down) += static_cast<std::uint64_t>(change >= 0 ? change : -change);
  }

  static void addRow(MemorySnapshot& memory, const CodeLocation& caller, const std::string& scope,
                     const MemoryTotals& now) {
    SiteRow row;
    row.caller = caller;
    row.scope = scope;
    row.allocations = now.allocations;
    row.frees = now.frees;
    row.allocatedBytes = now.allocatedBytes;
    row.freedBytes = now.freedBytes;
    memory.sites.push_back(row);
    memory.totals.allocations += now.allocations;
    memory.totals.frees += now.frees;
    memory.totals.allocatedBytes += now.allocatedBytes;
    memory.totals.freedBytes += now.freedBytes;
  }

  RunRecord record_;
  std::shared_ptr<CallStacks> stacks_ = std::make_shared<CallStacks>();
};

}  // namespace leakgate
