// resource_tables.cpp, resource_sites.cpp, stack_capture.cpp and the hooks of descriptors, mappings and
// threads. Call stacks of what is not a heap block: of each way to open a descriptor, of mappings and
// threads.
#include <doctest/doctest.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "probe_process.hpp"
#include "stack_names.hpp"

using namespace leakgate;

namespace {

ProbeProcess::Environment stacksBy(const std::string& unwinder) {
  return {{"LEAKGATE_DEPTH", "stacks"}, {"LEAKGATE_UNWINDER", unwinder}};
}

using OpenByStack = std::map<Names, std::int64_t>;

// What the probe itself opened and left open.
OpenByStack openIn(const MemorySnapshot& snapshot, ResourceKind kind) {
  OpenByStack open;
  for (const ResourceRow& row : snapshot.resources) {
    const auto count = static_cast<std::int64_t>(row.opened - row.closed);
    if (row.kind == kind && row.caller.module == LEAKGATE_PROBE && count != 0)
      open[namesOf(snapshot, row.stack)] += count;
  }
  return open;
}

struct Sums {
  std::uint64_t opened = 0;
  std::uint64_t closed = 0;
  std::set<std::uint32_t> stacks;
};

Sums descriptorsOf(const MemorySnapshot& snapshot) {
  Sums sums;
  for (const ResourceRow& row : snapshot.resources) {
    if (row.kind != ResourceKind::descriptor || row.caller.module != LEAKGATE_PROBE) continue;
    sums.opened += row.opened;
    sums.closed += row.closed;
    sums.stacks.insert(row.stack);
  }
  return sums;
}

const std::map<std::string, std::int64_t> kMade{
    {"open", 1},    {"open64", 1},  {"openat", 1},        {"creat", 1},    {"socket", 1},   {"socketpair", 2},
    {"pipe", 2},    {"pipe2", 2},   {"eventfd", 1},       {"timerfd", 1},  {"signalfd", 1}, {"inotify", 1},
    {"memfd", 1},   {"epoll", 1},   {"epoll1", 1},        {"dup", 1},      {"dup2", 1},     {"dup3", 1},
    {"fcntl", 1},   {"shm", 1},     {"fcntl_cloexec", 1}, {"mkstemps", 1}, {"terminal", 1}, {"fopen", 1},
    {"freopen", 1}, {"tmpfile", 1}, {"popen", 1},         {"opendir", 1},  {"accept", 5},   {"fanotify", 1},
    {"queue", 1}};

}  // namespace

TEST_CASE("every way to open a descriptor has its call stack, by both unwinders") {
  for (const char* unwinder : {"rules", "libunwind"}) {
    CAPTURE(unwinder);
    ProbeProcess probe(LEAKGATE_PROBE, stacksBy(unwinder));
    REQUIRE(probe.run("make_descriptors") == "ok");
    const MemorySnapshot snapshot = probe.reader.read();
    std::map<std::string, std::int64_t> made;
    for (const auto& [names, count] : openIn(snapshot, ResourceKind::descriptor)) {
      CAPTURE(textOf(names));
      REQUIRE(names.size() > 3);
      CHECK(names[1] == "probe_make_descriptors");
      CHECK(names[3] == "main");
      made[names[0].substr(names[0].find('_') + 1)] += count;
    }
    CHECK(made == kMade);
    CHECK(snapshot.audit.resourcesFolded == 0);
  }
}

TEST_CASE("mappings and threads have their call stacks") {
  ProbeProcess probe(LEAKGATE_PROBE, stacksBy("rules"));
  REQUIRE(probe.run("make_others") == "ok");
  const MemorySnapshot snapshot = probe.reader.read();
  std::map<std::string, std::int64_t> mapped;
  for (const auto& [names, count] : openIn(snapshot, ResourceKind::mapping)) mapped[names[0]] += count;
  CHECK(mapped == std::map<std::string, std::int64_t>{{"make_mapping", 2}, {"make_remapping", 1}});
  const OpenByStack threads = openIn(snapshot, ResourceKind::thread);
  REQUIRE(threads.size() == 1);
  CHECK_STARTS(threads.begin()->first,
               {"make_thread", "probe_make_others", "(anonymous namespace)::runFrom", "main"});
}

TEST_CASE("a thread that allocates nothing has stacks too") {
  ProbeProcess probe(LEAKGATE_PROBE, stacksBy("rules"));
  REQUIRE(probe.run("make_in_thread") == "ok");
  const OpenByStack open = openIn(probe.reader.read(), ResourceKind::descriptor);
  REQUIRE(open.size() == 1);
  CHECK_STARTS(open.begin()->first, {"make_eventfd"});
}

TEST_CASE("what is opened by one stack and closed by any other is closed where it was opened") {
  ProbeProcess probe(LEAKGATE_PROBE, stacksBy("rules"));
  REQUIRE(probe.run("close_descriptors") == "ok");
  const MemorySnapshot snapshot = probe.reader.read();
  CHECK(openIn(snapshot, ResourceKind::descriptor).empty());
  CHECK(descriptorsOf(snapshot).opened == 25);
  REQUIRE(probe.run("fork_descriptors") == "ok");
  const OpenByStack open = openIn(probe.reader.read(), ResourceKind::descriptor);
  REQUIRE(open.size() == 1);
  CHECK(open.begin()->second == 1);
  CHECK_STARTS(open.begin()->first, {"probe_fork_descriptors"});
}

TEST_CASE("where the tables are full the caller counts, and every sum stays exact") {
  ProbeProcess full(LEAKGATE_PROBE, stacksBy("rules"));
  REQUIRE(full.run("open_many_ways") == "ok");
  const MemorySnapshot places = full.reader.read();
  CHECK(descriptorsOf(places).opened == 4096);
  CHECK(descriptorsOf(places).closed == 4096);
  CHECK(descriptorsOf(places).stacks.size() > 3000);
  CHECK(descriptorsOf(places).stacks.contains(0));
  CHECK(places.audit.stacksFolded > 1000);
  CHECK(places.audit.resourcesFolded == 0);

  auto environment = stacksBy("rules");
  environment["LEAKGATE_STACKS"] = "1";
  ProbeProcess none(LEAKGATE_PROBE, environment);
  REQUIRE(none.run("open_many_ways") == "ok");
  const MemorySnapshot callers = none.reader.read();
  CHECK(descriptorsOf(callers).opened == 4096);
  CHECK(descriptorsOf(callers).closed == 4096);
  CHECK(callers.audit.stacksFolded >= 4096);
}

TEST_CASE("handlers that open and close, amid allocations of their own thread") {
  for (const char* unwinder : {"rules", "libunwind"}) {
    CAPTURE(unwinder);
    ProbeProcess probe(LEAKGATE_PROBE, stacksBy(unwinder));
    REQUIRE(probe.run("open_in_handlers") == "ok");
    const MemorySnapshot snapshot = probe.reader.read();
    const Sums sums = descriptorsOf(snapshot);
    CHECK(sums.opened == 3000);
    CHECK(sums.closed == 3000);
    CHECK(sums.stacks.size() > 500);
    CHECK(snapshot.audit.eventsDropped == 0);
  }
}
