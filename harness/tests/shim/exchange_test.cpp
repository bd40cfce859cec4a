// recording.cpp, shadow_table.cpp, thread_slots.cpp and region_writer.cpp.
// Threads that free each other's blocks: what the shim counts is, to the block and byte, what the program
// itself has booked. In rounds, in the middle of forks, and at the moment of a SIGKILL.
#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <thread>

#include "function_counts.hpp"
#include "ledger_file.hpp"
#include "probe_process.hpp"
#include "region/region_file.hpp"

using namespace leakgate;

namespace {

const std::string kDepths[] = {"count", "sites", "stacks"};

// A probe whose workers wait, and the counters as they were then.
struct Exchange {
  Exchange(const std::string& depthName, const std::string& program = LEAKGATE_PROBE)
      : depth(depthName), probe(program, {{"LEAKGATE_DEPTH", depthName}}) {
    REQUIRE(probe.run("exchange_open") == "ok");
    before = probe.reader.read();
  }

  // What the totals, less those of before, must be. Depth count counts live bytes as the allocator rounds
  // them.
  Counts expected(const LedgerTotals& truth) const {
    Counts counts = truth.counts;
    if (depth == "count") counts.freedBytes = counts.allocatedBytes - truth.usableBytes;
    return counts;
  }

  std::string depth;
  ProbeProcess probe;
  LedgerFile ledger{probe.control.directory()};
  MemorySnapshot before;
};

void checkAudit(const MemorySnapshot& snapshot, const MemorySnapshot& before) {
  CHECK(snapshot.audit.eventsDropped == 0);
  CHECK(snapshot.audit.foreignFrees == 0);
  CHECK(snapshot.audit.sitesFolded == 0);
  CHECK(snapshot.audit.stacksFolded == 0);
  CHECK(snapshot.audit.stacksMissed == before.audit.stacksMissed);
}

// Every block is at the function that made it, at depth stacks with a stack.
void checkMakers(const Exchange& exchange, const MemorySnapshot& snapshot, const std::string& program) {
  if (exchange.depth == "count") return;
  for (unsigned maker = 0; maker < ledger::kMakerCount; ++maker) {
    CAPTURE(ledger::kMakers[maker]);
    CHECK(countsOf(snapshot, program, ledger::kMakers[maker]) == exchange.ledger.doneBy(maker).counts);
  }
}

void checkRounds(const std::string& depth, const std::string& program, unsigned firstSeed, unsigned rounds) {
  Exchange exchange(depth, program);
  for (unsigned seed = firstSeed; seed < firstSeed + rounds; ++seed) {
    CAPTURE(seed);
    exchange.ledger->seed = seed;
    REQUIRE(exchange.probe.run("exchange_round") == "ok");
    const MemorySnapshot after = exchange.probe.reader.read();
    const LedgerTotals truth = exchange.ledger.done();
    CHECK(after.consistent);
    CHECK(countsOf(after.totals) - countsOf(exchange.before.totals) == exchange.expected(truth));
    CHECK(truth.counts.allocations - truth.counts.frees > 100);  // a live set that is not zero
    checkMakers(exchange, after, program);
    checkAudit(after, exchange.before);
  }
}

// Read without the reader, which takes away the files of processes that have ended.
Counts rawTotals(const ProbeProcess& probe, std::uint64_t pid) {
  RegionFile file(probe.regionOf(pid));
  return countsOf(file.sample().totals());
}

bool within(const Counts& least, const Counts& counts, const Counts& most, bool freedBytesToo) {
  const auto between = [](std::uint64_t low, std::uint64_t value, std::uint64_t high) {
    return low <= value && value <= high;
  };
  return between(least.allocations, counts.allocations, most.allocations) &&
         between(least.frees, counts.frees, most.frees) &&
         between(least.allocatedBytes, counts.allocatedBytes, most.allocatedBytes) &&
         (!freedBytesToo || between(least.freedBytes, counts.freedBytes, most.freedBytes));
}

// Every worker is at most in the middle of one event, so the bounds are four events apart.
void checkBetween(const LedgerTotals& done, const Counts& counts, const LedgerTotals& begun, bool bytes) {
  CAPTURE(done.counts);
  CAPTURE(counts);
  CAPTURE(begun.counts);
  CHECK(within(done.counts, counts, begun.counts, bytes));
}

void awaitAllocations(const LedgerFile& ledger, std::uint64_t count) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (ledger.done().counts.allocations < count && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::microseconds(100));
  }
  REQUIRE(ledger.done().counts.allocations >= count);
}

// Of the dead process's region: every block freed had been allocated, at its very site.
void checkSites(const RegionSample& sample) {
  for (std::size_t id = layout::kFirstSiteId; id < sample.sums.size(); ++id) {
    const layout::Counter& site = sample.sums[id];
    if (site.frees > site.allocations || site.freedBytes > site.allocatedBytes) FAIL_CHECK("site ", id);
  }
}

// A reading while the workers go on: what was done before it, at least, and what had begun after it, at most.
void checkReading(Exchange& exchange) {
  const LedgerTotals earlier = exchange.ledger.done();
  const Counts reading = countsOf(exchange.probe.reader.totals()) - countsOf(exchange.before.totals);
  checkBetween(earlier, reading, exchange.ledger.begun(), exchange.depth != "count");
}

// Reads the region of the dead process.
Counts checkDead(const Exchange& exchange, std::uint64_t pid) {
  const LedgerTotals done = exchange.ledger.done();
  const LedgerTotals begun = exchange.ledger.begun();
  RegionFile file(exchange.probe.regionOf(pid));
  const RegionSample sample = file.sample();
  const Counts totals = countsOf(sample.totals());
  checkBetween(done, totals - countsOf(exchange.before.totals), begun, exchange.depth != "count");
  CHECK(begun.counts.allocations - done.counts.allocations <= ledger::kWorkers);
  CHECK(begun.counts.frees - done.counts.frees <= ledger::kWorkers);
  CHECK(sample == file.sample());
  CHECK(sample.eventsDropped == 0);
  CHECK(sample.sums[layout::kForeignId].frees == 0);
  checkSites(sample);
  return totals;
}

// Kills the probe when it has allocated that often, wherever its workers are then.
void checkKill(const std::string& depth, std::uint64_t allocations) {
  CAPTURE(allocations);
  Exchange exchange(depth);
  exchange.ledger->seed = allocations;
  REQUIRE(exchange.probe.run("exchange_start") == "ok");
  awaitAllocations(exchange.ledger, allocations / 2);
  checkReading(exchange);
  awaitAllocations(exchange.ledger, allocations);
  const auto pid = static_cast<std::uint64_t>(exchange.probe.pid());
  exchange.probe.kill();
  REQUIRE(exchange.probe.end().status == kSigkill);
  const Counts dead = checkDead(exchange, pid);
  RegionReader late(exchange.probe.control.directory());
  CHECK(late.read().totals.allocations == dead.allocations);
}

}  // namespace

TEST_CASE("four threads that free each other's blocks: a hundred rounds at every depth are exact") {
  for (const std::string& depth : kDepths) {
    CAPTURE(depth);
    for (unsigned process = 0; process < 10; ++process) checkRounds(depth, LEAKGATE_PROBE, 10 * process, 10);
    checkRounds(depth, LEAKGATE_PROBE_MIMALLOC, 100, 10);
  }
}

TEST_CASE("a hundred forks in the middle of it: each child's counts and the parent's are exact") {
  for (const std::string& depth : kDepths) {
    CAPTURE(depth);
    Exchange exchange(depth);
    const auto parent = static_cast<std::uint64_t>(exchange.probe.pid());
    REQUIRE(exchange.probe.run("exchange_forks") == "ok");
    for (const ledger::Child& child : exchange.ledger->children) {
      CAPTURE(&child - exchange.ledger->children);
      LedgerTotals truth;
      truth += child.account;
      CHECK(truth.counts.allocations > 0);
      CHECK(rawTotals(exchange.probe, child.pid) == exchange.expected(truth));
    }
    const Counts own = rawTotals(exchange.probe, parent) - countsOf(exchange.before.totals);
    CHECK(own == exchange.expected(exchange.ledger.done()));
    const MemorySnapshot snapshot = exchange.probe.reader.read();
    CHECK(snapshot.audit.processes == 1);
    checkMakers(exchange, snapshot, LEAKGATE_PROBE);
    checkAudit(snapshot, exchange.before);
  }
}

TEST_CASE("SIGKILL in the middle of it: the region is exact up to the current event") {
  for (const std::string& depth : kDepths) {
    CAPTURE(depth);
    for (std::uint64_t kill = 1; kill <= 20; ++kill) checkKill(depth, 1000 * kill + 37 * kill * kill);
  }
}
