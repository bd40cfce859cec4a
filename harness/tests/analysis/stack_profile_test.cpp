#include "analysis/stack_profile.hpp"

#include <doctest/doctest.h>

#include "record_builder.hpp"

using namespace leakgate;

namespace {

const std::vector<CodeLocation> kParse{RecordBuilder::at(0x100), RecordBuilder::at(0x900)};
const std::vector<CodeLocation> kCache{RecordBuilder::at(0x200), RecordBuilder::at(0x900)};

// A record of depth stacks, row by row.
class ProfileRecord {
 public:
  // One stack's row at a checkpoint: of blocks of `bytes` that were allocated in block `epoch`.
  ProfileRecord& row(std::size_t checkpoint, const std::vector<CodeLocation>& frames, std::uint32_t epoch,
                     std::uint64_t allocations, std::uint64_t frees, std::uint64_t bytes = 10) {
    SiteRow row;
    row.caller = frames.front();
    row.stack = stacks_->add(frames, false);
    return add(checkpoint, std::move(row), epoch, allocations, frees, bytes);
  }

  // One that was counted by its caller alone.
  ProfileRecord& callerRow(std::size_t checkpoint, std::uint32_t epoch, std::uint64_t allocations) {
    SiteRow row;
    row.caller = RecordBuilder::at(0x300);
    return add(checkpoint, std::move(row), epoch, allocations, 0, 10);
  }

  // Allocations of a process that has ended.
  ProfileRecord& ended(std::size_t checkpoint, std::uint64_t allocations) {
    MemoryTotals& totals = builder_.record().checkpoints[checkpoint].memory.totals;
    totals.allocations += allocations;
    totals.frees += allocations;
    totals.allocatedBytes += allocations * 10;
    totals.freedBytes += allocations * 10;
    return *this;
  }

  StackProfile profile() { return stackProfile(builder_.record()); }

 private:
  ProfileRecord& add(std::size_t checkpoint, SiteRow row, std::uint32_t epoch, std::uint64_t allocations,
                     std::uint64_t frees, std::uint64_t bytes) {
    row.epoch = epoch;
    row.allocations = allocations;
    row.frees = frees;
    row.allocatedBytes = allocations * bytes;
    row.freedBytes = frees * bytes;
    MemorySnapshot& memory = builder_.record().checkpoints[checkpoint].memory;
    memory.totals.allocations += row.allocations;
    memory.totals.frees += row.frees;
    memory.totals.allocatedBytes += row.allocatedBytes;
    memory.totals.freedBytes += row.freedBytes;
    memory.sites.push_back(std::move(row));
    memory.stacks = stacks_;
    return *this;
  }

  RecordBuilder builder_;
  std::shared_ptr<CallStacks> stacks_ = std::make_shared<CallStacks>();
};

}  // namespace

TEST_CASE("counts are of the planned blocks, live blocks of all that came before") {
  ProfileRecord record;
  record.row(0, kCache, 0, 7, 2);
  for (std::size_t k = 1; k <= 4; ++k) record.row(k, kCache, 0, 7, 3);
  record.row(4, kParse, 4, 100, 100);
  const StackProfile profile = record.profile();
  CHECK(profile.requests == 8000);
  REQUIRE(profile.stacks.size() == 2);
  CHECK(profile.stacks[0].stack == CallStack{kParse, false});
  CHECK(profile.stacks[0].counts == AllocationCounts{100, 1000, 100, 0, 0, 0});
  CHECK(profile.stacks[1].counts == AllocationCounts{0, 0, 0, 0, 4, 40});
  CHECK(profile.total == AllocationCounts{100, 1000, 100, 0, 4, 40});
}

TEST_CASE("blocks are freed in their block of requests, later, or kept") {
  ProfileRecord record;
  // 50 in block 1: 30 freed by its end, 12 more afterwards, 8 kept. 20 in block 4: 5 freed.
  record.row(1, kParse, 1, 50, 30).row(2, kParse, 1, 50, 36).row(4, kParse, 1, 50, 42);
  record.row(4, kParse, 4, 20, 5);
  const StackProfile profile = record.profile();
  REQUIRE(profile.stacks.size() == 1);
  const AllocationCounts& counts = profile.stacks[0].counts;
  CHECK(counts == AllocationCounts{70, 700, 35, 12, 23, 230});
  CHECK(counts.kept() == 23);
}

TEST_CASE("sizes of one stack are one row, scopes are not") {
  ProfileRecord record;
  record.row(4, kParse, 4, 3, 3, 16).row(4, kParse, 4, 5, 5, 32);
  CHECK(record.profile().stacks.size() == 1);
  CHECK(record.profile().stacks[0].counts == AllocationCounts{8, 208, 8, 0, 0, 0});
}

TEST_CASE("a block without a stack is counted at its caller") {
  ProfileRecord record;
  record.callerRow(4, 4, 9);
  const StackProfile profile = record.profile();
  REQUIRE(profile.stacks.size() == 1);
  CHECK(profile.stacks[0].stack == CallStack{{RecordBuilder::at(0x300)}, true});
  CHECK(profile.stacks[0].counts.allocations == 9);
}

TEST_CASE("what ended processes allocated is in the total alone, as freed") {
  ProfileRecord record;
  record.row(1, kParse, 1, 40, 10).ended(4, 60);
  record.row(4, kCache, 4, 1, 0);
  const StackProfile profile = record.profile();
  // The first process was alive at the end of block 1, and gone at the end.
  REQUIRE(profile.stacks.size() == 2);
  CHECK(profile.stacks[0].counts == AllocationCounts{40, 400, 10, 30, 0, 0});
  CHECK(profile.total == AllocationCounts{61, 610, 10, 50, 1, 10});
}

TEST_CASE("added blocks do not count") {
  RecordBuilder extended(kExtendedBlocks);
  extended.stack(kParse, {0, 0, 0, 0, 0, 50, 60}, {0, 0, 0, 0, 0, 500, 600});
  const StackProfile profile = stackProfile(extended);
  CHECK(profile.requests == 8000);
  CHECK(profile.stacks.empty());
  CHECK(profile.total == AllocationCounts{});
}

TEST_CASE("a record without checkpoints has an empty profile") {
  CHECK(stackProfile(RunRecord{}).stacks.empty());
}
