// stack_capture.cpp, stack_sites.cpp, stack_table.cpp, stack_filter.cpp and module_table.cpp.
// Whole call stacks: of code without frame pointers, in libraries, handlers, children and threads.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "function_counts.hpp"
#include "probe_process.hpp"
#include "region/call_stacks.hpp"
#include "stack_names.hpp"

using namespace leakgate;

namespace {

const ProbeProcess::Environment kStacks{{"LEAKGATE_DEPTH", "stacks"},
                                        {"PLUGIN_FIRST", LEAKGATE_PLUGIN_FIRST},
                                        {"PLUGIN_SECOND", LEAKGATE_PLUGIN_SECOND}};

ProbeProcess::Environment with(const std::string& name, const std::string& value) {
  auto environment = kStacks;
  environment[name] = value;
  return environment;
}

// Blocks by stack, of all that are `bytes` large.
std::map<Names, std::uint64_t> blocksOf(const MemorySnapshot& snapshot, std::uint64_t bytes) {
  std::map<Names, std::uint64_t> blocks;
  for (const SiteRow& row : snapshot.sites) {
    if (row.sizeClassBytes == bytes) blocks[namesOf(snapshot, row.stack)] += row.allocations;
  }
  return blocks;
}

// The start of the one stack of all blocks of a size, without libc's frames around main.
Names onlyStack(const MemorySnapshot& snapshot, std::uint64_t bytes) {
  const auto blocks = blocksOf(snapshot, bytes);
  REQUIRE(blocks.size() == 1);
  return blocks.begin()->first;
}

// What the filter calls a place: its file's name and the offset.
std::string filterLine(const MemorySnapshot& snapshot, std::uint64_t bytes, const std::string& size) {
  for (const SiteRow& row : snapshot.sites) {
    if (row.sizeClassBytes != bytes) continue;
    char offset[32];
    std::snprintf(offset, sizeof offset, "%lx", row.caller.offset);
    return size + " " + offset + " " + std::filesystem::path(row.caller.module).filename().string() + "\n";
  }
  return "";
}

}  // namespace

TEST_CASE("two ways to one place are two stacks, with their own counts") {
  ProbeProcess probe(LEAKGATE_PROBE, kStacks);
  REQUIRE(probe.run("stack_ways") == "ok");
  const MemorySnapshot snapshot = probe.reader.read();
  const auto blocks = blocksOf(snapshot, 50);
  REQUIRE(blocks.size() == 2);
  for (const auto& [names, count] : blocks) {
    const bool left = names[1] == "stack_left";
    CHECK(count == (left ? 40 : 2));
    CHECK_STARTS(names, {"stack_leaf", left ? "stack_left" : "stack_right", "probe_stack_ways"});
    CHECK(std::find(names.begin(), names.end(), "main") != names.end());
  }
  CHECK(snapshot.audit.stacksMissed < 100);  // before the shim's constructor
  CHECK(snapshot.audit.stacksFolded == 0);
  // The caller is the stack's first frame: sites stay comparable with depth sites.
  CHECK(countsOf(snapshot, LEAKGATE_PROBE, "stack_leaf").allocations == 42);
}

TEST_CASE("through libc, the C++ library and a signal frame, none of which has frame pointers") {
  ProbeProcess probe(LEAKGATE_PROBE, kStacks);
  for (const char* command : {"stack_qsort", "stack_library", "stack_signal"})
    CHECK(probe.run(command) == "ok");
  const MemorySnapshot snapshot = probe.reader.read();
  CHECK_STARTS(onlyStack(snapshot, 60), {"stack_leaf", "stack_compare", "libc.so.6", "probe_stack_qsort"});
  CHECK_STARTS(onlyStack(snapshot, 525), {"libstdc++.so.6.0.30", "probe_stack_library"});
  CHECK_STARTS(onlyStack(snapshot, 80), {"stack_leaf", "stack_on_signal", "libc.so.6", "probe_stack_signal"});
}

TEST_CASE("deep recursion is cut at its outer end, and marked as cut") {
  ProbeProcess probe(LEAKGATE_PROBE, kStacks);
  REQUIRE(probe.run("stack_deep") == "ok");
  const MemorySnapshot snapshot = probe.reader.read();
  int whole = 0;
  int cut = 0;
  for (const SiteRow& row : snapshot.sites) {
    if (row.sizeClassBytes != 70) continue;
    const CallStack stack = snapshot.stacks->at(row.stack);
    CHECK_STARTS(namesOf(snapshot, row.stack), {"stack_leaf", "stack_recurse"});
    CHECK(stack.frames.size() <= layout::kFramesPerStack);
    stack.truncated ? ++cut : ++whole;
    if (stack.truncated) CHECK(stack.frames.size() == layout::kFramesPerStack);
  }
  CHECK(whole == 1);
  CHECK(cut == 1);
}

TEST_CASE("modules that were unloaded before they were read, at the same addresses") {
  ProbeProcess probe(LEAKGATE_PROBE, kStacks);
  REQUIRE(probe.run("stack_plugins") == "ok");
  const MemorySnapshot snapshot = probe.reader.read();
  std::map<std::string, std::uint64_t> byPlugin;
  for (const auto& [names, blocks] : blocksOf(snapshot, 90)) {
    CAPTURE(textOf(names));
    REQUIRE(names.size() > 4);
    CHECK(startsWith(names, {"stack_leaf", "stack_callback"}));
    CHECK(names[3] == "stack_run_plugin");
    byPlugin[names[2]] += blocks;
  }
  // One of them may have taken the other's addresses: then both are counted at the first.
  std::uint64_t sum = 0;
  for (const auto& [plugin, blocks] : byPlugin) sum += plugin.find("plugin_") == 0 ? blocks : 0;
  CHECK(sum == 3);
}

TEST_CASE("only what the filter lists is unwound") {
  ProbeProcess first(LEAKGATE_PROBE);
  for (const char* command : {"stack_ways", "stack_library"}) CHECK(first.run(command) == "ok");
  const MemorySnapshot sites = first.reader.read();
  REQUIRE(blocksOf(sites, 50).size() == 1);  // by caller

  struct Row {
    std::string description;
    std::string filter;
    bool ways, text, deep;
  };
  const std::string nothing = "50 1 shim_probe\n";
  for (const Row& row : {Row{"one size", filterLine(sites, 50, "50"), true, false, false},
                         Row{"any size", nothing + filterLine(sites, 50, "*"), true, false, true},
                         Row{"another size", filterLine(sites, 50, "51"), false, false, false},
                         Row{"in a library", filterLine(sites, 525, "525"), false, true, false},
                         Row{"nothing", nothing, false, false, false}}) {
    CAPTURE(row.description);
    ControlRegion control;
    std::ofstream(control.directory() / "stack-filter") << row.filter;
    ProbeProcess probe(LEAKGATE_PROBE, [&] {
      auto environment = with("LEAKGATE_STACK_FILTER", "stack-filter");
      environment["LEAKGATE_DIR"] = control.directory();
      return environment;
    }());
    for (const char* command : {"stack_ways", "stack_library", "stack_deep"})
      CHECK(probe.run(command) == "ok");
    RegionReader reader(control.directory());
    const MemorySnapshot snapshot = reader.read();
    CHECK(blocksOf(snapshot, 50).contains({}) == !row.ways);
    CHECK(blocksOf(snapshot, 50).size() == (row.ways ? 2 : 1));
    CHECK(blocksOf(snapshot, 525).contains({}) == !row.text);
    CHECK(blocksOf(snapshot, 70).contains({}) == !row.deep);
    CHECK(countsOf(snapshot, LEAKGATE_PROBE, "stack_leaf").allocations == 44);
    CHECK(snapshot.audit.stacksMissed == 0);
  }
}

TEST_CASE("a full stack table is reported, and every sum stays exact") {
  ProbeProcess probe(LEAKGATE_PROBE, with("LEAKGATE_STACKS", "1"));
  REQUIRE(probe.run("stack_ways") == "ok");
  const MemorySnapshot snapshot = probe.reader.read();
  CHECK(snapshot.audit.stacksFolded >= 2);
  CHECK(snapshot.audit.eventsDropped == 0);
  CHECK(countsOf(snapshot, LEAKGATE_PROBE, "stack_leaf") == Counts{42, 0, 2100, 0});
}

TEST_CASE("threads that unwind while others load and unload code") {
  ProbeProcess probe(LEAKGATE_PROBE, kStacks);
  REQUIRE(probe.run("stack_threads") == "ok");
  const MemorySnapshot snapshot = probe.reader.read();
  std::uint64_t sum = 0;
  for (const auto& [names, blocks] : blocksOf(snapshot, 70)) {
    CHECK_STARTS(names, {"stack_leaf", "stack_recurse"});
    sum += blocks;
  }
  CHECK(sum == 4 * 5000);
  CHECK(snapshot.audit.eventsDropped == 0);
}

TEST_CASE("a fork waits for a thread that is in libunwind, so that the child can unwind") {
  ProbeProcess probe(LEAKGATE_PROBE, with("LEAKGATE_UNWINDER", "libunwind"));
  REQUIRE(probe.run("stack_fork") == "ok");
  const MemorySnapshot snapshot = probe.reader.read();
  CHECK_STARTS(onlyStack(snapshot, 100), {"stack_leaf"});
  CHECK(snapshot.audit.eventsDropped == 0);
}

TEST_CASE("a child past libc's fork: libunwind's locks may be taken in it, rules need none") {
  for (const auto& [unwinder, missed] : {std::pair{"libunwind", 10}, std::pair{"rules", 0}}) {
    ProbeProcess probe(LEAKGATE_PROBE, with("LEAKGATE_UNWINDER", unwinder));
    REQUIRE(probe.run("malloc") == "ok");
    const std::uint64_t before = probe.reader.read().audit.stacksMissed;
    REQUIRE(probe.run("bare_clone") == "ok");
    CHECK_MESSAGE(probe.reader.read().audit.stacksMissed == before + missed, unwinder);
  }
}

TEST_CASE("both unwinders see the same stacks") {
  std::map<Names, std::uint64_t> blocks[2];
  int i = 0;
  for (const char* unwinder : {"libunwind", "rules"}) {
    ProbeProcess probe(LEAKGATE_PROBE, with("LEAKGATE_UNWINDER", unwinder));
    for (const char* command : {"stack_ways", "stack_qsort", "stack_library", "stack_signal", "stack_deep"})
      CHECK(probe.run(command) == "ok");
    const MemorySnapshot snapshot = probe.reader.read();
    for (const std::uint64_t bytes : {50, 60, 70, 80, 525}) blocks[i].merge(blocksOf(snapshot, bytes));
    ++i;
  }
  CHECK(blocks[0].size() >= 6);
  CHECK(blocks[0] == blocks[1]);
}

TEST_CASE("a child's own stacks, and its parent's that it frees") {
  ProbeProcess probe(LEAKGATE_PROBE, kStacks);
  REQUIRE(probe.run("keep") == "ok");
  REQUIRE(probe.run("fork_hold") == "ok");
  const MemorySnapshot snapshot = probe.reader.read();
  CHECK(countsOf(snapshot, LEAKGATE_PROBE, "child_work") == Counts{10, 4, 130, 52});
  CHECK(countsOf(snapshot, LEAKGATE_PROBE, "probe_keep") == Counts{3, 1, 120, 40});
  CHECK_STARTS(onlyStack(snapshot, 13),
               {"child_work", "probe_fork_hold", "(anonymous namespace)::runFrom", "main"});
  CHECK(probe.run("fork_end") == "ok");
}

TEST_CASE("short threads, early allocations and other allocators at depth stacks") {
  for (const char* program : {LEAKGATE_PROBE, LEAKGATE_PROBE_MIMALLOC}) {
    CAPTURE(program);
    ProbeProcess probe(program, kStacks);
    REQUIRE(probe.run("short_threads") == "ok");
    REQUIRE(probe.run("churn") == "ok");
    const MemorySnapshot snapshot = probe.reader.read();
    CHECK(snapshot.audit.foreignFrees == 0);
    CHECK(snapshot.audit.eventsDropped == 0);
    const Counts churn = countsOf(snapshot, program, "churn");
    CHECK(churn.allocations == 160000);
    CHECK(churn.frees == 160000);
  }
  ProbeProcess early(LEAKGATE_EARLY, kStacks);
  REQUIRE(early.readLine() == "ok");
  CHECK(countsOf(early.reader.read(), LEAKGATE_EARLY, "before_all") == Counts{1, 0, 23, 0});
  CHECK(early.end().status == 0);
}
