// process.cpp, process_hooks.cpp, thread_hooks.cpp, thread_slots.cpp and next_allocator.cpp.
// Threads, children, early and late allocations, and ends of all kinds.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "function_counts.hpp"
#include "probe_process.hpp"

using namespace leakgate;

namespace {

constexpr int kSigabrt = 128 + 6;

std::filesystem::path regionOf(const ProbeProcess& probe) {
  return probe.regionOf(static_cast<std::uint64_t>(probe.pid()));
}

layout::RegionHeader regionHeader(const ProbeProcess& probe) {
  layout::RegionHeader header{};
  std::ifstream(regionOf(probe), std::ios::binary).read(reinterpret_cast<char*>(&header), sizeof header);
  return header;
}

Counts of(ProbeProcess& probe, const char* function) {
  return countsOf(probe.reader.read(), LEAKGATE_PROBE, function);
}

// What processes that have ended did, by the difference of the totals and the sites of live ones.
Counts endedCounts(const MemorySnapshot& snapshot) {
  Counts live;
  for (const SiteRow& row : snapshot.sites) {
    live.allocations += row.allocations;
    live.frees += row.frees;
    live.allocatedBytes += row.allocatedBytes;
    live.freedBytes += row.freedBytes;
  }
  return countsOf(snapshot.totals) - live;
}

}  // namespace

TEST_CASE("eight threads that free each other's blocks") {
  ProbeProcess probe(LEAKGATE_PROBE);
  REQUIRE(probe.run("churn") == "ok");
  const MemorySnapshot snapshot = probe.reader.read();
  const Counts churn = countsOf(snapshot, LEAKGATE_PROBE, "churn");
  CHECK(churn.allocations == 160000);
  CHECK(churn.frees == 160000);
  CHECK(churn.allocatedBytes == churn.freedBytes);
  CHECK(snapshot.audit.threadsSeen == 9);
}

TEST_CASE("four thousand short threads, with their destructors") {
  constexpr std::uint64_t kThreads = 4000;
  for (const std::string depth : {"count", "sites", "stacks"}) {
    CAPTURE(depth);
    ProbeProcess probe(LEAKGATE_PROBE, {{"LEAKGATE_DEPTH", depth}});
    REQUIRE(probe.run("few_threads") == "ok");
    const MemorySnapshot before = probe.reader.read();
    REQUIRE(probe.run("short_threads") == "ok");
    const MemorySnapshot after = probe.reader.read();
    // In the thread 30 x 20, 30, 16 and 50 bytes, 4 x 16 in its destructors, and libc's 32 for the first of
    // those. Left: the 50 and the last 16.
    const Counts total = countsOf(after.totals) - countsOf(before.totals);
    CHECK(total.allocations == 38 * kThreads);
    CHECK(total.frees == 36 * kThreads);
    CHECK(total.allocatedBytes == 792 * kThreads);
    if (depth != "count") CHECK(total.freedBytes == 726 * kThreads);
    CHECK(after.audit.threadsSeen - before.audit.threadsSeen == kThreads);
    CHECK(after.audit.foreignFrees == 0);
    CHECK(after.audit.eventsDropped == 0);
    // Slots are used again: the shared one, the first thread's, and those of eight at a time.
    CHECK(regionHeader(probe).segmentCount <= 10);
    if (depth == "count") continue;
    const auto grown = [&](const char* function) {
      return countsOf(after, LEAKGATE_PROBE, function) - countsOf(before, LEAKGATE_PROBE, function);
    };
    CHECK(grown("short_thread") == Counts{33 * kThreads, 32 * kThreads, 696 * kThreads, 646 * kThreads});
    CHECK(grown("late_destructor") == Counts{4 * kThreads, 3 * kThreads, 64 * kThreads, 48 * kThreads});
  }
}

TEST_CASE("threads that cannot have a slot share one") {
  ProbeProcess probe(LEAKGATE_PROBE);
  REQUIRE(probe.run("malloc") == "ok");
  const MemorySnapshot before = probe.reader.read();
  std::filesystem::remove(regionOf(probe));  // as after a change of root: it cannot be opened again
  REQUIRE(probe.run("churn") == "ok");
  const MemorySnapshot after = probe.reader.read();
  const Counts churn = countsOf(after, LEAKGATE_PROBE, "churn");
  CHECK(churn.allocations == 160000);
  CHECK(churn.frees == 160000);
  CHECK(after.audit.eventsDropped == 0);
  CHECK(before.audit.processes == 1);
}

TEST_CASE("a child without libc's fork handlers") {
  ProbeProcess probe(LEAKGATE_PROBE);
  REQUIRE(probe.run("malloc") == "ok");
  REQUIRE(probe.run("bare_clone") == "ok");
  const MemorySnapshot snapshot = probe.reader.read();
  CHECK(endedCounts(snapshot) == Counts{10, 10, 130, 130});
  CHECK(countsOf(snapshot, LEAKGATE_PROBE, "child_work") == Counts{});
}

TEST_CASE("a child's blocks and its parent's, while both live") {
  ProbeProcess probe(LEAKGATE_PROBE);
  REQUIRE(probe.run("keep") == "ok");
  REQUIRE(probe.run("fork_hold") == "ok");
  CHECK(probe.reader.livePids().size() == 2);
  CHECK(of(probe, "child_work") == Counts{10, 4, 130, 52});
  // The child has freed its copy of one of the three.
  CHECK(of(probe, "probe_keep") == Counts{3, 1, 120, 40});
  REQUIRE(probe.run("fork_end") == "ok");
  CHECK(probe.reader.livePids().size() == 1);
  CHECK(of(probe, "child_work") == Counts{});
  CHECK(of(probe, "probe_keep") == Counts{3, 0, 120, 0});
}

TEST_CASE("a child started by exec") {
  ProbeProcess probe(LEAKGATE_PROBE);
  REQUIRE(probe.run("spawn_none") == "ok");
  const Counts none = endedCounts(probe.reader.read());
  CHECK(none.allocations > 0);  // the program's start
  REQUIRE(probe.run("spawn_nine") == "ok");
  const Counts both = endedCounts(probe.reader.read());
  CHECK(both - none ==
        Counts{none.allocations + 9, none.frees + 9, none.allocatedBytes + 99, none.freedBytes + 99});
}

TEST_CASE("a process that replaces itself") {
  ProbeProcess probe(LEAKGATE_PROBE);
  REQUIRE(probe.run("keep") == "ok");
  REQUIRE(probe.run("exec") == "ok");
  REQUIRE(probe.run("strdup") == "ok");
  const MemorySnapshot snapshot = probe.reader.read();
  CHECK(snapshot.audit.processes == 1);
  CHECK(countsOf(snapshot, LEAKGATE_PROBE, "probe_keep") == Counts{});
  CHECK(countsOf(snapshot, LEAKGATE_PROBE, "probe_strdup") == Counts{1, 1, 6, 6});
  const Counts ended = endedCounts(snapshot);
  CHECK(ended.allocations >= 3);
  CHECK(ended.allocations == ended.frees);
  // Again, now that the first image's file is gone and its name is free.
  REQUIRE(probe.run("exec") == "ok");
  REQUIRE(probe.run("malloc") == "ok");
  const MemorySnapshot third = probe.reader.read();
  CHECK(third.audit.processes == 1);
  CHECK(countsOf(third, LEAKGATE_PROBE, "probe_strdup") == Counts{});
  CHECK(countsOf(third, LEAKGATE_PROBE, "probe_malloc") == Counts{1, 1, 17, 17});
}

TEST_CASE("the counters survive SIGKILL") {
  ProbeProcess probe(LEAKGATE_PROBE);
  REQUIRE(probe.run("keep") == "ok");
  const MemoryTotals alive = probe.reader.read().totals;
  probe.kill();
  CHECK(probe.end().status == kSigkill);
  RegionReader late(probe.control.directory());
  const MemorySnapshot snapshot = late.read();
  CHECK(snapshot.totals.allocations == alive.allocations);
  CHECK(snapshot.totals.liveBlocks() == 0);
  CHECK(snapshot.audit.processes == 0);
  CHECK(snapshot.sites.empty());
  CHECK(late.read().totals == snapshot.totals);
}

TEST_CASE("allocations before every constructor count") {
  ProbeProcess probe(LEAKGATE_EARLY);
  REQUIRE(probe.readLine() == "ok");
  const MemorySnapshot snapshot = probe.reader.read();
  CHECK(countsOf(snapshot, LEAKGATE_EARLY, "before_all") == Counts{1, 0, 23, 0});
  CHECK(countsOf(snapshot, LEAKGATE_EARLY_LIBRARY, "early_constructor") == Counts{3, 0, 57, 0});
  CHECK(probe.end().status == 0);
  CHECK(probe.reader.totals().liveBlocks() == 0);
}

TEST_CASE("without LEAKGATE_DIR nothing is counted and all works") {
  ProbeProcess probe(LEAKGATE_PROBE, {{"LEAKGATE_DIR", ""}});
  for (const char* command :
       {"tiny", "realloc_grow", "scopes", "new_fails", "churn", "exchange_open", "exchange_forks"}) {
    CHECK(probe.run(command) == "ok");
  }
  CHECK(probe.reader.livePids().empty());
  CHECK(probe.end().status == 0);
}

TEST_CASE("a target that cannot be measured aborts with the reason") {
  struct Case {
    std::string program;
    ProbeProcess::Environment environment;
    std::string message;
  };
  const Case cases[] = {
      {LEAKGATE_PROBE,
       {{"LEAKGATE_DIR", "/nonexistent"}},
       "cannot open the control page: /nonexistent/control: No such"},
      {LEAKGATE_PROBE,
       {{"LEAKGATE_DEPTH", "deep"}},
       "LEAKGATE_DEPTH must be count, sites or stacks, and is: deep"},
      {LEAKGATE_PROBE, {{"LEAKGATE_SITES", "0"}}, "LEAKGATE_SITES must be from 1 to 262144, and is: 0"},
      {LEAKGATE_PROBE, {{"LEAKGATE_STACKS", "262145"}}, "LEAKGATE_STACKS must be from 1 to 262144, and is"},
      {LEAKGATE_PROBE,
       {{"LEAKGATE_DEPTH", "stacks"}, {"LEAKGATE_STACK_FILTER", "missing"}},
       "cannot read the stack filter, or it is empty: "},
      {LEAKGATE_OWN_MALLOC, {}, "own malloc comes before the shim's"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.message);
    ProbeProcess probe(one.program, one.environment);
    const ProbeEnd end = probe.end();
    CHECK(end.status == kSigabrt);
    CHECK(end.error.find(one.message) != std::string::npos);
  }
}

TEST_CASE("a control page of another version is refused") {
  ProbeProcess::Environment environment;
  const ControlRegion other;
  environment["LEAKGATE_DIR"] = other.directory();
  std::filesystem::resize_file(other.directory() / "control", 0);
  std::filesystem::resize_file(other.directory() / "control", 4096);
  ProbeProcess probe(LEAKGATE_PROBE, environment);
  const ProbeEnd end = probe.end();
  CHECK(end.status == kSigabrt);
  CHECK(end.error.find("control page of another version") != std::string::npos);
}

TEST_CASE("the shim reports its cost") {
  ProbeProcess probe(LEAKGATE_PROBE);
  REQUIRE(probe.run("malloc") == "ok");
  const ShimAudit audit = probe.reader.read().audit;
  CHECK(audit.layoutVersion == layout::kLayoutVersion);
  CHECK(audit.processes == 1);
  CHECK(audit.regionBytes > 16384);
  CHECK(audit.regionBytes < 1000000);
}
