// hooks.cpp, operator_hooks.cpp, recording.cpp, site_table.cpp and scope_table.cpp.
// Each function of the malloc family and each operator counts exactly, at the site of its caller.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "function_counts.hpp"
#include "probe_process.hpp"

using namespace leakgate;

namespace {

struct Expected {
  const char* command;
  Counts counts;
};

constexpr std::uint64_t kHuge = (std::uint64_t{1} << 31) + 5000;

const std::vector<Expected>& expectations() {
  static const std::vector<Expected> table = {
      {"malloc", {1, 1, 17, 17}},
      {"malloc_zero", {1, 1, 0, 0}},
      {"malloc_fails", {0, 0, 0, 0}},
      {"free_null", {0, 0, 0, 0}},
      {"calloc", {1, 1, 21, 21}},
      {"calloc_overflow", {0, 0, 0, 0}},
      {"realloc_null", {1, 1, 10, 10}},
      {"realloc_grow", {2, 2, 100010, 100010}},
      {"realloc_shrink", {2, 2, 1010, 1010}},
      {"realloc_fails", {1, 1, 10, 10}},
      {"reallocarray", {2, 2, 110, 110}},
      {"reallocarray_overflow", {1, 1, 10, 10}},
      {"aligned_alloc", {1, 1, 128, 128}},
      {"memalign", {1, 1, 100, 100}},
      {"posix_memalign", {1, 1, 50, 50}},
      {"posix_memalign_fails", {0, 0, 0, 0}},
      {"valloc", {1, 1, 100, 100}},
      {"pvalloc", {1, 1, 100, 100}},
      {"strdup", {1, 1, 6, 6}},
      {"strndup", {1, 1, 8, 8}},
      {"huge", {1, 1, kHuge, kHuge}},
      {"size_limits", {6, 6, 73729, 73729}},
      {"realloc_fails_large", {1, 1, 5000, 5000}},
      {"tiny", {200, 200, 900, 900}},
      {"new", {1, 1, 24, 24}},
      {"new_array", {1, 1, 25, 25}},
      {"new_nothrow", {1, 1, 26, 26}},
      {"new_array_nothrow", {1, 1, 27, 27}},
      {"new_aligned", {1, 1, 28, 28}},
      {"new_array_aligned", {1, 1, 29, 29}},
      {"new_aligned_nothrow", {1, 1, 30, 30}},
      {"new_array_aligned_nothrow", {1, 1, 31, 31}},
      {"delete_sized", {1, 1, 32, 32}},
      {"delete_array_sized", {1, 1, 33, 33}},
      {"delete_sized_aligned", {1, 1, 34, 34}},
      {"delete_array_sized_aligned", {1, 1, 35, 35}},
      {"new_fails", {1, 1, 50, 50}},
      {"new_nothrow_fails", {0, 0, 0, 0}},
  };
  return table;
}

// mimalloc, as Debian builds it, ends the program instead of calling the
// new-handler: with the shim as without.
bool endsMimalloc(const std::string& command) { return command == "new_fails"; }

std::string functionOf(const std::string& command) { return "probe_" + command; }

void checkEachCommand(const std::string& program) {
  ProbeProcess probe(program);
  for (const Expected& expected : expectations()) {
    const std::string command = expected.command;
    CAPTURE(command);
    if (program == LEAKGATE_PROBE_MIMALLOC && endsMimalloc(command)) continue;
    REQUIRE(probe.run("free_null") == "ok");  // the target is ready, its start is counted
    const MemorySnapshot before = probe.reader.read();
    REQUIRE(probe.run(command) == "ok");
    const MemorySnapshot after = probe.reader.read();
    CHECK(after.consistent);
    CHECK(countsOf(after, program, functionOf(command)) == expected.counts);
    const Counts total = countsOf(after.totals) - countsOf(before.totals);
    CHECK(total.allocations - total.frees == 0);
    CHECK(total.allocatedBytes - total.freedBytes == 0);
    CHECK(after.audit.foreignFrees == 0);
    CHECK(after.audit.eventsDropped == 0);
  }
}

}  // namespace

TEST_CASE("each call counts at its caller, with glibc's allocator") { checkEachCommand(LEAKGATE_PROBE); }

TEST_CASE("each call counts at its caller, with mimalloc") { checkEachCommand(LEAKGATE_PROBE_MIMALLOC); }

TEST_CASE("the totals of a call are its sites' and nothing else's") {
  ProbeProcess probe(LEAKGATE_PROBE);
  REQUIRE(probe.run("free_null") == "ok");
  const Counts before = countsOf(probe.reader.read().totals);
  REQUIRE(probe.run("realloc_grow") == "ok");
  const Counts expected{2, 2, 100010, 100010};
  CHECK(countsOf(probe.reader.read().totals) - before == expected);
}

// The C++ library calls the shim's malloc again, which counts it: there, and only there.
TEST_CASE("a block that the new-handler made possible counts once") {
  ProbeProcess probe(LEAKGATE_PROBE);
  REQUIRE(probe.run("free_null") == "ok");
  const Counts before = countsOf(probe.reader.read().totals);
  REQUIRE(probe.run("new_second_try") == "ok");
  const Counts expected{1, 1, 64 << 20, 64 << 20};
  CHECK(countsOf(probe.reader.read().totals) - before == expected);
}

TEST_CASE("realloc to nothing is what the allocator makes of it") {
  ProbeProcess glibc(LEAKGATE_PROBE);
  REQUIRE(glibc.run("realloc_zero") == "ok");
  const Counts freed{1, 1, 10, 10};
  CHECK(countsOf(glibc.reader.read(), LEAKGATE_PROBE, "probe_realloc_zero") == freed);

  ProbeProcess mimalloc(LEAKGATE_PROBE_MIMALLOC);
  REQUIRE(mimalloc.run("realloc_zero") == "ok");
  const Counts replaced{2, 2, 10, 10};
  CHECK(countsOf(mimalloc.reader.read(), LEAKGATE_PROBE_MIMALLOC, "probe_realloc_zero") == replaced);
}

TEST_CASE("live blocks stay until they are freed") {
  ProbeProcess probe(LEAKGATE_PROBE);
  REQUIRE(probe.run("keep") == "ok");
  const Counts kept{3, 0, 120, 0};
  CHECK(countsOf(probe.reader.read(), LEAKGATE_PROBE, "probe_keep") == kept);
  REQUIRE(probe.run("drop") == "ok");
  const Counts dropped{3, 3, 120, 120};
  CHECK(countsOf(probe.reader.read(), LEAKGATE_PROBE, "probe_keep") == dropped);
}

TEST_CASE("blocks that bypass the shim are distinguished from counted ones") {
  for (const std::string program : {LEAKGATE_PROBE, LEAKGATE_PROBE_MIMALLOC}) {
    CAPTURE(program);
    ProbeProcess probe(program);
    REQUIRE(probe.run("foreign_free") == "ok");
    const MemorySnapshot foreign = probe.reader.read();
    CHECK(foreign.audit.foreignFrees == 1);
    CHECK(countsOf(foreign, program, "probe_foreign_free") == Counts{});
    // Freed privately, then its address is met again: that proves the first free.
    REQUIRE(probe.run("hidden_free") == "ok");
    const Counts hidden = countsOf(probe.reader.read(), program, "probe_hidden_free");
    CHECK(hidden.allocations >= 2);
    CHECK(hidden.frees == hidden.allocations);
  }
}

TEST_CASE("large blocks that are freed past the shim keep their sizes until that is seen") {
  ProbeProcess probe(LEAKGATE_PROBE);
  REQUIRE(probe.run("hidden_free_of_large") == "ok");
  const Counts expected{5, 5, 240016, 240016};
  CHECK(countsOf(probe.reader.read(), LEAKGATE_PROBE, "probe_hidden_free_of_large") == expected);
}

TEST_CASE("an allocation counts in its thread's innermost scope") {
  for (const std::string depth : {"count", "sites"}) {
    CAPTURE(depth);
    ProbeProcess probe(LEAKGATE_PROBE, {{"LEAKGATE_DEPTH", depth}});
    REQUIRE(probe.run("scopes") == "ok");
    const MemorySnapshot snapshot = probe.reader.read();
    const auto find = [&](const std::string& name) {
      const auto is = [&](const ScopeTotals& totals) { return totals.scope == name; };
      const auto found = std::find_if(snapshot.scopes.begin(), snapshot.scopes.end(), is);
      return found != snapshot.scopes.end() ? *found : ScopeTotals{};
    };
    CHECK(find("outer").allocations == 2);
    CHECK(find("outer").allocatedBytes == 101);
    CHECK(find("inner").allocations == 2);
    CHECK(find("inner").allocatedBytes == 20);
    CHECK(find("").allocations + 4 == snapshot.totals.allocations);
  }
}

TEST_CASE("scopes beyond the table's end share one name") {
  ProbeProcess probe(LEAKGATE_PROBE);
  REQUIRE(probe.run("many_scopes") == "ok");
  const MemorySnapshot snapshot = probe.reader.read();
  std::uint64_t named = 0, others = 0;
  for (const ScopeTotals& scope : snapshot.scopes) {
    if (scope.scope == "(other scopes)") others = scope.allocations;
    if (scope.scope.starts_with("scope ")) named += scope.allocations;
  }
  CHECK(named == 254);
  CHECK(others == 46);
}

TEST_CASE("a block counts in the epoch that it was allocated in") {
  ProbeProcess probe(LEAKGATE_PROBE);
  REQUIRE(probe.run("free_null") == "ok");
  probe.control.setEpoch(5);
  REQUIRE(probe.run("keep") == "ok");
  probe.control.setEpoch(6);
  REQUIRE(probe.run("drop") == "ok");
  REQUIRE(probe.run("malloc") == "ok");
  for (const SiteRow& row : probe.reader.read().sites) {
    if (row.sizeClassBytes == 40 && row.epoch == 5) CHECK(row.frees == 3);
    if (row.epoch == 6) CHECK(row.sizeClassBytes == 17);
    CHECK((row.epoch == 0 || row.epoch == 5 || row.epoch == 6));
  }
}

TEST_CASE("a full site table folds sites and keeps the sums exact") {
  ProbeProcess probe(LEAKGATE_PROBE, {{"LEAKGATE_SITES", "100"}});
  REQUIRE(probe.run("free_null") == "ok");
  const MemorySnapshot before = probe.reader.read();
  REQUIRE(probe.run("sizes") == "ok");
  const MemorySnapshot after = probe.reader.read();
  const Counts expected{1500, 1500, 1124250, 1124250};
  CHECK(countsOf(after.totals) - countsOf(before.totals) == expected);
  CHECK(after.sites.size() <= 100);
  CHECK(after.audit.sitesFolded >= 1400);
  CHECK(after.audit.eventsDropped == 0);
}

TEST_CASE("depth count has the usable bytes that the allocator reports") {
  ProbeProcess probe(LEAKGATE_PROBE, {{"LEAKGATE_DEPTH", "count"}});
  REQUIRE(probe.run("free_null") == "ok");
  const std::uint64_t start = probe.reader.totals().liveBytes();
  REQUIRE(probe.run("keep_usable") == "ok");
  CHECK(probe.reader.totals().liveBytes() - start == 24 + 56 + 1000 + (1 << 20) + 4080);
  REQUIRE(probe.run("drop_usable") == "ok");
  CHECK(probe.reader.totals().liveBytes() == start);
}

TEST_CASE("depth count keeps blocks exact, and bytes as the allocator rounds them") {
  for (const std::string program : {LEAKGATE_PROBE, LEAKGATE_PROBE_MIMALLOC}) {
    CAPTURE(program);
    ProbeProcess probe(program, {{"LEAKGATE_DEPTH", "count"}});
    REQUIRE(probe.run("free_null") == "ok");
    const MemoryTotals start = probe.reader.totals();
    for (const Expected& expected : expectations()) {
      const std::string command = expected.command;
      CAPTURE(command);
      if (program == LEAKGATE_PROBE_MIMALLOC && endsMimalloc(command)) continue;
      const MemoryTotals before = probe.reader.totals();
      REQUIRE(probe.run(command) == "ok");
      const MemoryTotals after = probe.reader.totals();
      CHECK(after.liveBlocks() == before.liveBlocks());
      CHECK(after.liveBytes() == before.liveBytes());
      CHECK(after.allocations - before.allocations >= expected.counts.allocations);
    }
    REQUIRE(probe.run("keep") == "ok");
    CHECK(probe.reader.totals().liveBlocks() == start.liveBlocks() + 3);
    CHECK(probe.reader.totals().liveBytes() >= start.liveBytes() + 120);
    REQUIRE(probe.run("drop") == "ok");
    CHECK(probe.reader.totals().liveBytes() == start.liveBytes());
    CHECK(probe.reader.read().sites.empty());
  }
}
