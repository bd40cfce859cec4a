#include "region/region_reader.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <string>

#include "fake_region.hpp"
#include "region/control_region.hpp"

using namespace leakgate;
namespace fs = std::filesystem;

namespace {

const std::uint64_t kFirstCounter =
    FakeRegion().header.segmentsOffset + layout::kFirstSiteId * sizeof(layout::Counter);
constexpr pid_t kNoProcess = std::numeric_limits<pid_t>::max();

void overwrite(const fs::path& path, std::uint64_t offset, std::uint32_t value) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>(offset));
  file.write(reinterpret_cast<const char*>(&value), sizeof value);
}

}  // namespace

TEST_CASE("an empty directory is an empty snapshot") {
  const ControlRegion control;
  RegionReader reader(control.directory());
  const MemorySnapshot snapshot = reader.read();
  CHECK(snapshot.consistent);
  CHECK(snapshot.totals == MemoryTotals{});
  CHECK(reader.livePids().empty());
}

TEST_CASE("a site is summed over segments") {
  const ControlRegion control;
  FakeRegion region = regionWithOneSite();
  region.addSegment()[layout::kFirstSiteId] = {1, 3, 40, 120};
  region.write(control.directory());
  RegionReader reader(control.directory());
  const MemorySnapshot snapshot = reader.read();
  CHECK(snapshot.consistent);
  CHECK(snapshot.totals == MemoryTotals{6, 5, 240, 200});
  CHECK(reader.totals() == snapshot.totals);
  REQUIRE(snapshot.sites.size() == 1);
  const SiteRow& row = snapshot.sites[0];
  CHECK(row.caller == CodeLocation{"", kNowhere});
  CHECK(row.scope == "parse");
  CHECK(row.sizeClassBytes == 40);
  CHECK(row.epoch == 3);
  CHECK(row.allocations == 6);
  CHECK(row.frees == 5);
  CHECK(row.allocatedBytes == 240);
  CHECK(row.freedBytes == 200);
  REQUIRE(snapshot.scopes.size() == 1);
  CHECK(snapshot.scopes[0].scope == "parse");
  CHECK(snapshot.scopes[0].allocations == 6);
  CHECK(reader.livePids() == std::vector<pid_t>{::getpid()});
}

TEST_CASE("foreign frees, folded sites and dropped events are distinguished") {
  const ControlRegion control;
  FakeRegion region = regionWithOneSite();
  region.header.eventsDropped = 4;
  region.header.threadsSeen = 2;
  region.segments[0][layout::kForeignId] = {0, 9, 0, 0};
  region.segments[0][layout::kFirstScopeId + 1] = {7, 7, 70, 70};
  region.write(control.directory());
  const MemorySnapshot snapshot = RegionReader(control.directory()).read();
  CHECK(snapshot.totals == MemoryTotals{12, 9, 270, 150});
  CHECK(snapshot.audit.foreignFrees == 9);
  CHECK(snapshot.audit.sitesFolded == 7);
  CHECK(snapshot.audit.eventsDropped == 4);
  CHECK(snapshot.audit.threadsSeen == 2);
  CHECK(snapshot.audit.processes == 1);
}

TEST_CASE("a scope in which nothing was allocated is there with 0") {
  const ControlRegion control;
  FakeRegion region = regionWithOneSite();
  region.scopes.emplace_back("handler");
  region.write(control.directory());
  const MemorySnapshot snapshot = RegionReader(control.directory()).read();
  REQUIRE(snapshot.scopes.size() == 2);
  CHECK(snapshot.scopes[0].scope == "handler");
  CHECK(snapshot.scopes[0].allocations == 0);
  CHECK(snapshot.scopes[1].allocations == 5);
}

TEST_CASE("one place in two processes is one row") {
  const ControlRegion control;
  regionWithOneSite().write(control.directory());
  FakeRegion parent = regionWithOneSite();
  parent.belongTo(::getppid());
  parent.write(control.directory());
  const MemorySnapshot snapshot = RegionReader(control.directory()).read();
  REQUIRE(snapshot.sites.size() == 1);
  CHECK(snapshot.sites[0].allocations == 10);
  CHECK(snapshot.audit.processes == 2);
}

TEST_CASE("a process that has ended leaves its totals once, as freed, and no sites") {
  const ControlRegion control;
  FakeRegion region = regionWithOneSite();
  region.belongTo(kNoProcess);
  const fs::path file = region.write(control.directory());
  RegionReader reader(control.directory());
  for (int i = 0; i < 3; ++i) {
    const MemorySnapshot snapshot = reader.read();
    CHECK(snapshot.totals == MemoryTotals{5, 5, 200, 200});
    CHECK(snapshot.sites.empty());
    CHECK(snapshot.scopes.size() == 1);
    CHECK(snapshot.audit.processes == 0);
    CHECK_FALSE(fs::exists(file));
  }
}

TEST_CASE("children and files outlive the process that made them, its descriptors do not") {
  const ControlRegion control;
  FakeRegion region;
  region.resources = {{kNowhere, layout::kResourceProcess, 0, 3, 1, 0, 0},
                      {kNowhere, layout::kResourceFile, 0, 4, 0, 0, 0},
                      {kNowhere, layout::kResourceDescriptor, 0, 9, 0, 0, 0}};
  region.addSegment();
  region.belongTo(kNoProcess);
  region.write(control.directory());
  std::map<ResourceKind, std::uint64_t> left;
  for (const ResourceRow& row : RegionReader(control.directory()).read().resources)
    left[row.kind] = row.opened - row.closed;
  CHECK(left == std::map<ResourceKind, std::uint64_t>{{ResourceKind::process, 2}, {ResourceKind::file, 4}});
}

TEST_CASE("a pid that another process has now is not the process") {
  const ControlRegion control;
  FakeRegion region = regionWithOneSite();
  region.header.startTicks += 1;
  region.write(control.directory());
  CHECK(RegionReader(control.directory()).livePids().empty());
}

TEST_CASE("a later image of a process ends the earlier one") {
  const ControlRegion control;
  FakeRegion region = regionWithOneSite();
  // The later one may have the lower number: its file is named after an earlier one was removed.
  region.header.createdNs = 20;
  region.segments[0][layout::kFirstSiteId].frees = 1;
  region.write(control.directory(), 0);
  region.header.createdNs = 10;
  region.write(control.directory(), 1);
  const MemorySnapshot snapshot = RegionReader(control.directory()).read();
  CHECK(snapshot.audit.processes == 1);
  CHECK(snapshot.totals == MemoryTotals{10, 6, 400, 280});
  REQUIRE(snapshot.sites.size() == 1);
  CHECK(snapshot.sites[0].allocations == 5);
  CHECK(fs::exists(control.directory() / (std::to_string(::getpid()) + "-0.region")));
}

TEST_CASE("a reading sees what was counted since the one before") {
  const ControlRegion control;
  const fs::path file = regionWithOneSite().write(control.directory());
  RegionReader reader(control.directory());
  const MemoryTotals before = reader.totals();
  overwrite(file, kFirstCounter, 6);
  CHECK(reader.totals().allocations == before.allocations + 1);
  CHECK(reader.read().consistent);
}

TEST_CASE("a reading returns whether anything has changed") {
  const ControlRegion control;
  FakeRegion region = regionWithOneSite();
  const fs::path file = region.write(control.directory());
  RegionReader reader(control.directory());
  CHECK_FALSE(reader.sample());  // a process has come
  CHECK(reader.sample());
  for (std::uint64_t field = 0; field < sizeof(layout::Counter); field += 8) {
    overwrite(file, kFirstCounter + field, 1000);
    CHECK_FALSE(reader.sample());
    CHECK(reader.sample());
  }
  overwrite(file, offsetof(layout::RegionHeader, eventsDropped), 1);
  CHECK_FALSE(reader.sample());
  CHECK(reader.sample());
  region.header.createdNs = 1;
  region.write(control.directory(), 1);
  CHECK_FALSE(reader.sample());  // and another has gone
  CHECK(reader.sample());
}

TEST_CASE("a file that is no region of this version is refused by name") {
  const ControlRegion control;
  const fs::path file = regionWithOneSite().write(control.directory());
  REQUIRE(refusal(control.directory()).empty());
  std::string expected = file.string();

  SUBCASE("another version") {
    overwrite(file, offsetof(layout::RegionHeader, layoutVersion), 99);
    expected += ": found layout version 99, expected " + std::to_string(layout::kLayoutVersion);
  }
  SUBCASE("garbage") {
    overwrite(file, 0, 0);
    expected += ": found other first bytes";
  }
  SUBCASE("empty") {
    fs::resize_file(file, 0);
    expected += ": found 0 bytes, expected at least 16384";
  }
  SUBCASE("cut in the header") {
    fs::resize_file(file, 5000);
    expected += ": found 5000 bytes, expected at least 16384";
  }
  SUBCASE("cut in the counters") {
    fs::resize_file(file, FakeRegion().header.segmentsOffset + 10);
    expected +=
        ": found " + std::to_string(FakeRegion().header.segmentsOffset + 10) + " bytes, expected at least ";
  }
  SUBCASE("a count that would read far beyond") {
    overwrite(file, offsetof(layout::RegionHeader, segmentCount), 0xffffffff);
    expected += ": found a count beyond its capacity";
  }
  SUBCASE("more sites than any shim has") {
    overwrite(file, offsetof(layout::RegionHeader, siteCapacity), 0x7fffffff);
    expected += ": found tables at other places";
  }
  SUBCASE("more stacks than any shim has") {
    overwrite(file, offsetof(layout::RegionHeader, stackCapacity), 0x7fffffff);
    expected += ": found tables at other places";
  }
  SUBCASE("a table moved") {
    overwrite(file, offsetof(layout::RegionHeader, segmentsOffset), 0);
    expected += ": found tables at other places";
  }
  CHECK(refusal(control.directory()).find(expected) == 0);
}
