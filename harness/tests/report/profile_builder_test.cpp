#include "report/profile_builder.hpp"

#include <doctest/doctest.h>

#include "analysis/record_builder.hpp"

using namespace leakgate;

namespace {

// Functions by the hundreds of their offsets: 0x1xx is parse, twice, as the compiler may duplicate code.
std::vector<Frame> profileFramesAt(const CodeLocation& location) {
  const std::uint64_t function = location.offset >> 8;
  if (function == 0) return {{"", "", 0, false, "server", location.offset}};
  if (function == 1) return {{"parse", "/src/parse.cpp", 7, false, "server", location.offset}};
  return {{"f" + std::to_string(function), "/src/f.cpp", 1, false, "server", location.offset}};
}

const Naming kNaming{profileFramesAt, "/src"};

using Stack = std::vector<CodeLocation>;

Stack stackOf(std::uint64_t inner, std::uint64_t outer) {
  return {RecordBuilder::at(inner), RecordBuilder::at(outer)};
}

// Blocks that are allocated in the last block of requests, and live.
RecordBuilder& allocate(RecordBuilder& builder, const Stack& stack, std::int64_t blocks, std::int64_t bytes,
                        const std::string& scope = "") {
  builder.stack(stack, {0, 0, 0, 0, blocks}, {0, 0, 0, 0, bytes}, scope);
  builder.record().checkpoints.back().memory.sites.back().epoch = 4;
  return builder;
}

}  // namespace

TEST_CASE("stacks of the same lines are one, unless their scopes differ") {
  RecordBuilder builder;
  allocate(builder, stackOf(0x100, 0x900), 3, 30);
  allocate(builder, stackOf(0x140, 0x900), 4, 40);
  allocate(builder, stackOf(0x140, 0x900), 5, 50, "login");
  const AllocationProfile profile = profileOf(builder, kNaming);
  REQUIRE(profile.mix.stacks.size() == 2);
  CHECK(profile.mix.stacks[0].counts == AllocationCounts{7, 70, 0, 0, 7, 70});
  CHECK(profile.mix.stacks[1].counts == AllocationCounts{5, 50, 0, 0, 5, 50});
  CHECK(profile.frames.size() == 2);
  CHECK(profile.frames[0].file == "parse.cpp");  // below the root of the sources
  CHECK(profile.stacks[profile.mix.stacks[1].stack].scope == "login");
  CHECK(profile.mix.requests == 8000);
  CHECK(profile.mix.responses == "200: 8000");
}

TEST_CASE("code without a name is told apart by its address") {
  RecordBuilder builder;
  allocate(builder, stackOf(0x10, 0x900), 3, 30);
  allocate(builder, stackOf(0x20, 0x900), 4, 40);
  CHECK(profileOf(builder, kNaming).stacks.size() == 2);
}

TEST_CASE("rows are in the order of their allocations, then bytes") {
  RecordBuilder builder;
  allocate(builder, stackOf(0x200, 0x900), 1, 900);
  allocate(builder, stackOf(0x300, 0x900), 5, 10);
  allocate(builder, stackOf(0x400, 0x900), 5, 11);
  const AllocationProfile profile = profileOf(builder, kNaming);
  std::vector<std::string> order;
  for (const ProfiledCounts& row : profile.mix.stacks)
    order.push_back(framesOf(profile, profile.stacks[row.stack]).front().function);
  CHECK(order == std::vector<std::string>{"f4", "f3", "f2"});
}

TEST_CASE("parts share frames and stacks, and a profile can be continued") {
  RecordBuilder mixed;
  allocate(mixed, stackOf(0x200, 0x900), 9, 90);
  const AllocationProfile first = profileOf(mixed, kNaming);
  RecordBuilder alone;
  allocate(alone, stackOf(0x300, 0x900), 8, 80);
  allocate(alone, stackOf(0x200, 0x900), 2, 20);
  ProfileBuilder builder(first, kNaming);
  const ProfiledPart step = builder.part(alone);
  const AllocationProfile both = builder.take(first.mix, {step});
  CHECK(both.stacks.size() == 2);
  CHECK(both.frames.size() == 3);
  CHECK(step.stacks[1].stack == first.mix.stacks[0].stack);
  CHECK(step.stacks[1].counts.allocations == 2);
  CHECK(both.mix.stacks[0].counts.allocations == 9);
}

TEST_CASE("beyond the bound the smallest stacks are summed, one with a large block is none of them") {
  RecordBuilder builder;
  constexpr std::uint64_t kBeyond = 5;
  for (std::uint64_t k = 0; k < kMaxProfiledStacks + kBeyond; ++k)
    allocate(builder, stackOf((k + 2) << 8, 0x900), k < kBeyond ? 1 : 2, k == 0 ? 1'000'000 : 10);
  const AllocationProfile profile = profileOf(builder, kNaming);
  CHECK(profile.stacks.size() == kMaxProfiledStacks);
  CHECK(profile.mix.stacks.size() == kMaxProfiledStacks);
  CHECK(profile.mix.otherStacks == kBeyond);
  // The four small ones, and one of those that are alike.
  CHECK(profile.mix.others == AllocationCounts{6, 50, 0, 0, 6, 50});
  CHECK(profile.mix.stacks.back().counts.bytes == 1'000'000);
  AllocationCounts sum = profile.mix.others;
  for (const ProfiledCounts& row : profile.mix.stacks) sum += row.counts;
  CHECK(sum == profile.mix.total);
}
