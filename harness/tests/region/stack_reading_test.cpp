// region_reader.cpp, region_file.cpp and target_process.cpp.
// RegionReader: sites and resources by their call stacks.
#include <doctest/doctest.h>

#include <map>
#include <string>
#include <utility>

#include "fake_region.hpp"
#include "region/call_stacks.hpp"
#include "region/control_region.hpp"
#include "region/region_reader.hpp"

using namespace leakgate;

namespace {

constexpr std::uint64_t inModule(std::uint64_t module, std::uint64_t address) {
  return (module + 1) << layout::kModuleShift | address;
}

// Two files that had the same addresses one after the other, and stacks through each of them.
FakeRegion regionWithStacks() {
  FakeRegion region;
  region.header.depth = layout::kDepthStacks;
  region.modules = {{0x10000, 0x20000, 0x10000, "/gone/first.so"},
                    {0x10000, 0x20000, 0x8000, "/gone/second.so"}};
  region.frames = {inModule(0, 0x10050), inModule(0, 0x10090), inModule(1, 0x10050)};
  region.stacks = {{1, 0, 2, 0}, {2, 2, 1, 1}};
  region.sites = {
      {layout::kStackBit | 0, 40, 0, 0}, {layout::kStackBit | 1, 40, 0, 0}, {inModule(1, 0x10050), 40, 0, 0}};
  auto& counters = region.addSegment();
  for (std::uint32_t i = 0; i < 3; ++i) counters[layout::kFirstSiteId + i] = {i + 1, 0, 40 * (i + 1), 0};
  return region;
}

}  // namespace

TEST_CASE("stacks by module and offset, whatever has the addresses now") {
  const ControlRegion control;
  regionWithStacks().write(control.directory());
  RegionReader reader(control.directory());
  const MemorySnapshot snapshot = reader.read();
  REQUIRE(snapshot.sites.size() == 3);
  const CodeLocation first{"/gone/first.so", 0x50};
  const CodeLocation second{"/gone/second.so", 0x8050};
  for (const SiteRow& row : snapshot.sites) {
    CAPTURE(row.allocations);
    CHECK(row.caller == (row.allocations == 1 ? first : second));
    CHECK((row.stack == 0) == (row.allocations == 3));  // counted by its caller
    if (row.allocations == 1)
      CHECK(snapshot.stacks->at(row.stack) == CallStack{{first, {"/gone/first.so", 0x90}}, false});
    if (row.allocations == 2) CHECK(snapshot.stacks->at(row.stack) == CallStack{{second}, true});
  }
}

TEST_CASE("equal stacks of two processes are one row") {
  const ControlRegion control;
  regionWithStacks().write(control.directory());
  FakeRegion other = regionWithStacks();
  std::swap(other.stacks[0], other.stacks[1]);
  std::swap(other.sites[0], other.sites[1]);
  other.belongTo(::getppid());
  other.write(control.directory());
  RegionReader reader(control.directory());
  const MemorySnapshot snapshot = reader.read();
  CHECK(snapshot.audit.processes == 2);
  REQUIRE(snapshot.sites.size() == 3);
  CHECK(snapshot.stacks->count() == 2);
}

TEST_CASE("a stack beyond its table is refused") {
  const ControlRegion control;
  FakeRegion region = regionWithStacks();
  region.stacks[1].firstFrame = 1u << 30;
  region.write(control.directory());
  CHECK(refusal(control.directory()).find("a stack beyond its table") != std::string::npos);
}

TEST_CASE("descriptors, mappings and threads by their stacks, and by callers where there is none") {
  const ControlRegion control;
  FakeRegion region = regionWithStacks();
  region.resources = {{layout::kStackBit | 0, layout::kResourceDescriptor, 0, 5, 2, 0, 0},
                      {layout::kStackBit | 1, layout::kResourceDescriptor, 0, 4, 4, 0, 0},
                      {layout::kStackBit | 0, layout::kResourceMapping, 0, 1, 0, 4096, 0},
                      {kNowhere, layout::kResourceDescriptor, 0, 7, 0, 0, 0}};
  region.write(control.directory());
  const MemorySnapshot snapshot = RegionReader(control.directory()).read();
  REQUIRE(snapshot.resources.size() == 4);
  std::map<std::pair<std::string, ResourceKind>, std::uint64_t> opened;
  for (const ResourceRow& row : snapshot.resources) {
    opened[{row.caller.module, row.kind}] = row.opened;
    CHECK((row.stack == 0) == row.caller.module.empty());
    if (row.stack != 0) CHECK(snapshot.stacks->callerOf(row.stack) == row.caller);
  }
  CHECK(opened[{"/gone/first.so", ResourceKind::descriptor}] == 5);
  CHECK(opened[{"/gone/second.so", ResourceKind::descriptor}] == 4);
  CHECK(opened[{"/gone/first.so", ResourceKind::mapping}] == 1);
  CHECK(opened[{"", ResourceKind::descriptor}] == 7);
}
