#include "region/region_reader.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <string>

#include "fake_region.hpp"
#include "region/call_stacks.hpp"
#include "region/control_region.hpp"
#include "region/region_error.hpp"

using namespace leakgate;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kNowhere = 16;  // no code lies at so low an address
const std::uint64_t kFirstCounter =
    FakeRegion().header.segmentsOffset + layout::kFirstSiteId * sizeof(layout::Counter);
constexpr pid_t kNoProcess = std::numeric_limits<pid_t>::max();

FakeRegion regionWithOneSite() {
  FakeRegion region;
  region.scopes = {"", "parse"};
  region.sites = {{kNowhere, 40, 1, 3}};
  region.addSegment()[layout::kFirstSiteId] = {5, 2, 200, 80};
  return region;
}

// The message of the error, "" when there is none.
std::string refusal(const fs::path& directory) {
  try {
    RegionReader(directory).read();
    return "";
  } catch (const RegionError& error) {
    return error.what();
  }
}

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

TEST_CASE("the control page and its directory live as long as the object") {
  fs::path directory;
  {
    ControlRegion control;
    directory = control.directory();
    CHECK(directory.is_absolute());
    CHECK(fs::file_size(directory / "control") == sizeof(layout::ControlPage));
    CHECK(control.epoch() == 0);
    control.setEpoch(7);
    layout::ControlPage page;
    std::ifstream(directory / "control", std::ios::binary).read(reinterpret_cast<char*>(&page), sizeof page);
    CHECK(page.magic == layout::kControlMagic);
    CHECK(page.layoutVersion == layout::kLayoutVersion);
    CHECK(page.epoch == 7);
    std::ofstream(directory / "left-behind") << "x";
  }
  CHECK_FALSE(fs::exists(directory));
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

TEST_CASE("foreign frees, folded sites and dropped events are told apart") {
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

TEST_CASE("a reading tells whether anything has changed") {
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

namespace {

constexpr std::size_t kTableBytes = 3 * 4096;

// A child of fork that counts nothing, and so has no region.
class IdleChild {
 public:
  explicit IdleChild(void (*first)(void*), void* argument) : pid_(::fork()) {
    if (pid_ != 0) return;
    first(argument);
    ::raise(SIGSTOP);
    ::_exit(0);
  }
  ~IdleChild() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  IdleChild(const IdleChild&) = delete;
  IdleChild& operator=(const IdleChild&) = delete;

  pid_t pid() const {
    ::waitpid(pid_, nullptr, WUNTRACED);
    return pid_;
  }

 private:
  pid_t pid_;
};

// A ControlRegion maps its page itself, and so does a child of its process.
void unmapControl(void*) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    if (!line.ends_with("/control")) continue;
    const std::uint64_t start = std::stoull(line, nullptr, 16);
    ::munmap(reinterpret_cast<void*>(start), 4096);
  }
}

std::uint64_t inheritedBy(const RegionReader& reader, pid_t pid) {
  ShimAudit audit;
  reader.addInherited(audit, {pid});
  CHECK(audit.regionBytes == audit.privateBytes);
  return audit.privateBytes;
}

}  // namespace

TEST_CASE("a child without a region has its parent's private tables") {
  const ControlRegion control;
  void* const table =
      ::mmap(nullptr, 2 * kTableBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  REQUIRE(table != MAP_FAILED);
  for (std::size_t at = 0; at < kTableBytes; at += 4096) static_cast<char*>(table)[at] = 1;
  FakeRegion region = regionWithOneSite();
  region.header.mappings[0] = {reinterpret_cast<std::uint64_t>(table), 2 * kTableBytes};
  region.header.mappingCount = 1;
  region.write(control.directory());
  RegionReader reader(control.directory());
  CHECK(reader.read().audit.privateBytes == kTableBytes);

  const IdleChild child([](void*) {}, nullptr);
  CHECK(inheritedBy(reader, child.pid()) == kTableBytes);
  const IdleChild writer([](void* to) { static_cast<char*>(to)[kTableBytes] = 1; }, table);
  CHECK(inheritedBy(reader, writer.pid()) == kTableBytes + 4096);
  CHECK(inheritedBy(reader, ::getpid()) == 0);  // its region says it
  const IdleChild other(unmapControl, nullptr);
  CHECK(inheritedBy(reader, other.pid()) == 0);  // as after exec
  CHECK(inheritedBy(reader, ::getppid()) == 0);
  ::munmap(table, 2 * kTableBytes);
}
