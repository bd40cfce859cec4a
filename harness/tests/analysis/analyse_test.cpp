// Each class of growth on a sick target and on its clean twin.
#include "analysis/analyse.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>

#include "analysis/steering.hpp"
#include "only_finding.hpp"

using namespace leakgate;

namespace {

// Whether more requests could change what is known, or show where growth ends.
bool asksForMore(const RunRecord& record) { return nextBlock(record).requests > 0; }

}  // namespace

TEST_CASE("a clean target has no findings and nothing to observe") {
  const RunRecord record = RecordBuilder().site(kClean, {5, 5, 5, 5, 5}, {80, 80, 80, 80, 80});
  const auto analysis = analyse(record);
  CHECK(analysis.findings.empty());
  CHECK(analysis.observations.empty());
  CHECK(analysis.sites.size() == 1);
  CHECK_FALSE(asksForMore(record));
}

TEST_CASE("a leak per request") {
  const RunRecord record =
      RecordBuilder()
          .site(kClean, {5, 5, 5, 5, 5}, {80, 80, 80, 80, 80})
          .site(kSick, {7, 1007, 2007, 4007, 8007}, {0, 17000, 34000, 68000, 136000}, "setContext");
  const auto finding = onlyFinding(record);
  CHECK(toString(finding.kind) == "heap");
  CHECK(toString(finding.follows) == "request");
  CHECK(toString(finding.pattern) == "linear");
  CHECK(finding.caller == kSick);
  CHECK(finding.scope == "setContext");
  CHECK(finding.blocksPerEvent == 1.0);
  CHECK(finding.bytesPerEvent == 17.0);
  CHECK(finding.events == 8000);
  CHECK(finding.checkpoints == std::vector<std::uint64_t>{0, 1000, 2000, 4000, 8000});
  CHECK(asksForMore(record));  // proved, but a list with a cap would look alike so far
}

TEST_CASE("sizes and epochs of one place are one site") {
  auto builder = RecordBuilder();
  for (std::size_t k = 0; k < 5; ++k) {
    auto& checkpoint = builder.record().checkpoints[k];
    for (std::uint32_t epoch = 0; epoch <= k; ++epoch) {
      for (const std::uint64_t size : {16U, 24U}) {
        const auto blocks = epoch == 0 ? 0 : builder.record().checkpoints[epoch].block.requests / 2;
        checkpoint.memory.sites.push_back({kSick, "", size, epoch, blocks, 0, blocks * size, 0});
      }
    }
  }
  const auto finding = onlyFinding(builder);
  CHECK(finding.blocksPerEvent == 1.0);
  CHECK(finding.bytesPerEvent == 20.0);
}

// The default scenario, `blocks` of its blocks, extensions included: `live` blocks of 48 bytes each after the
// n-th measured request.
RunRecord defaultRun(std::size_t blocks, const std::function<std::int64_t(std::uint64_t)>& live) {
  std::vector<std::uint64_t> requests{2500, 2500, 5000, 10000, 20000, 40000};
  requests.resize(blocks);
  auto builder = RecordBuilder(requests);
  Series count;
  Series bytes;
  for (const auto& checkpoint : builder.record().checkpoints) {
    count.push_back(live(checkpoint.requests));
    bytes.push_back(count.back() * 48);
  }
  return builder.site(kSick, count, bytes);
}

TEST_CASE("one block in 10,000 requests is found by the default settings, whenever the first one comes") {
  for (std::uint64_t phase = 0; phase < 10'000; phase += 100) {
    CAPTURE(phase);
    const auto live = [&](std::uint64_t n) { return static_cast<std::int64_t>((n + phase) / 10'000); };
    for (const std::size_t blocks : {4U, 5U}) {
      CHECK(analyse(defaultRun(blocks, live)).findings.empty());
      CHECK(asksForMore(defaultRun(blocks, live)));
    }
    const auto finding = onlyFinding(defaultRun(6, live));
    CHECK(toString(finding.pattern) == "linear");
    CHECK(toString(finding.follows) == "request");
    CHECK(finding.blocksPerEvent == doctest::Approx(0.0001));
    CHECK(finding.events == 80'000);
  }
}

TEST_CASE("a few late first times are no leak, wherever they fall") {
  // Three blocks that come once each: lazy initialisations of rarely taken branches.
  for (std::uint64_t a = 1000; a < 80'000; a += 7000) {
    for (std::uint64_t b = a; b < 80'000; b += 7000) {
      for (std::uint64_t c = b; c < 80'000; c += 7000) {
        const auto live = [&](std::uint64_t n) { return (n >= a) + (n >= b) + (n >= c); };
        for (const std::size_t blocks : {4U, 5U, 6U})
          CHECK(analyse(defaultRun(blocks, live)).findings.empty());
      }
    }
  }
}

TEST_CASE("a cache of random keys that is filling up when the run ends is no leak") {
  for (const double keys : {500.0, 2'000.0, 8'000.0, 12'000.0}) {
    CAPTURE(keys);
    const auto live = [&](std::uint64_t n) {  // coupons collected, from the first request of the warm-up
      return std::llround(keys * (1 - std::exp(-(static_cast<double>(n) + 2'000) / keys)));
    };
    for (const std::size_t blocks : {4U, 5U, 6U}) CHECK(analyse(defaultRun(blocks, live)).findings.empty());
  }
}

TEST_CASE("a cache that fills up is an observation") {
  const RunRecord filling =
      RecordBuilder().site(kClean, {0, 124, 134, 135, 136}, {0, 1240, 1340, 1350, 1360});
  CHECK(analyse(filling).findings.empty());
  CHECK(asksForMore(filling));
  const RunRecord full = RecordBuilder({1000, 1000, 2000, 4000, 4000})
                             .site(kClean, {0, 124, 134, 135, 136, 136}, {0, 1, 2, 3, 4, 4});
  const auto analysis = analyse(full);
  CHECK(analysis.findings.empty());
  CHECK_FALSE(asksForMore(full));
  REQUIRE(analysis.observations.size() == 1);
  CHECK(toString(analysis.observations[0].pattern) == "bounded");
  CHECK(analysis.observations[0].blocks == 136);
}

TEST_CASE("slow growth that outlasts the extensions is a finding") {
  const RunRecord record =
      RecordBuilder(kExtendedBlocks)
          .site(kSick, {0, 100, 141, 200, 283, 400, 566}, {0, 800, 1128, 1600, 2264, 3200, 4528});
  const auto finding = onlyFinding(record);
  CHECK(toString(finding.pattern) == "slow");
  CHECK(toString(finding.follows) == "unknown");
  CHECK(finding.events == 32000);
}

TEST_CASE("a logarithm gets ever slower: it is observed, and no finding") {
  const auto analysis =
      analyse(RecordBuilder(kExtendedBlocks)
                  .site(kClean, {0, 100, 158, 216, 274, 332, 390}, {0, 800, 1264, 1728, 2192, 2656, 3120}));
  CHECK(analysis.findings.empty());
  REQUIRE(analysis.observations.size() == 1);
  CHECK(toString(analysis.observations[0].pattern) == "slow");
}

TEST_CASE("a vector that grows for ever is found by its bytes") {
  const Series one{1, 1, 1, 1, 1, 1, 1};
  const RunRecord early = RecordBuilder().site(kSick, {1, 1, 1, 1, 1}, {4096, 8192, 16384, 32768, 65536});
  CHECK(analyse(early).findings.empty());
  CHECK(asksForMore(early));
  const RunRecord record =
      RecordBuilder(kExtendedBlocks).site(kSick, one, {4096, 8192, 16384, 32768, 65536, 131072, 262144});
  const auto finding = onlyFinding(record);
  CHECK(toString(finding.pattern) == "stepped");
  CHECK(finding.blocksPerEvent == 0);

  // Its clean twin was reserved to a bound.
  const RunRecord bounded =
      RecordBuilder(kExtendedBlocks).site(kClean, one, {4096, 8192, 16384, 16384, 16384, 16384, 16384});
  CHECK(analyse(bounded).findings.empty());
}

TEST_CASE("realloc that adds to one block is found by its bytes") {
  const RunRecord record = RecordBuilder().site(kSick, {1, 1, 1, 1, 1}, {0, 17000, 34000, 68000, 136000});
  const auto finding = onlyFinding(record);
  CHECK(toString(finding.pattern) == "linear");
  CHECK(finding.blocksPerEvent == 0);
  CHECK(finding.bytesPerEvent == 17);
}

TEST_CASE("realloc that adds 64 bytes to one block now and then") {
  // Once in 300 requests, at the 300th; each realloc is an allocation and a free.
  auto builder = RecordBuilder(kExtendedBlocks);
  for (auto& checkpoint : builder.record().checkpoints) {
    const std::uint64_t times = checkpoint.requests / 300 + 1;
    checkpoint.memory.sites.push_back(
        {kSick, "", 64, 0, times, times - 1, 32 * times * (times + 1), 32 * times * (times - 1)});
  }
  const auto finding = onlyFinding(builder);
  CHECK(toString(finding.pattern) == "linear");
  CHECK(toString(finding.follows) == "request");
  CHECK(finding.blocksPerEvent == 0);
  CHECK(finding.bytesPerEvent == doctest::Approx(64.0 / 300).epsilon(0.01));
}

TEST_CASE("one byte in 1,000 requests") {
  const auto live = [](std::uint64_t n) { return static_cast<std::int64_t>((n + 700) / 1'000); };
  const auto finding = onlyFinding(defaultRun(4, live));
  CHECK(finding.blocksPerEvent == doctest::Approx(0.001));
  const RunRecord realloced =
      RecordBuilder({2500, 2500, 5000, 10000}).site(kSick, {1, 1, 1, 1, 1}, {10, 12, 15, 20, 30});
  CHECK(onlyFinding(realloced).bytesPerEvent == doctest::Approx(0.001));
}

TEST_CASE("what came once, and what comes and goes, are observations") {
  const RunRecord record =
      RecordBuilder()
          .site(kClean, {0, 0, 1, 1, 1}, {0, 0, 64, 64, 64})
          .site(RecordBuilder::at(0x3000), {40, 10, 60, 20, 40}, {400, 100, 600, 200, 400});
  const auto analysis = analyse(record);
  CHECK(analysis.findings.empty());
  REQUIRE(analysis.observations.size() == 2);
  CHECK(toString(analysis.observations[0].pattern) == "one-off");
  CHECK(toString(analysis.observations[1].pattern) == "sawtooth");
  CHECK(asksForMore(record));  // what goes up and down may hide a leak
}

TEST_CASE("a rise in the last block alone needs more work, and proves nothing") {
  const RunRecord record = RecordBuilder().site(kClean, {0, 0, 0, 0, 3}, {0, 0, 0, 0, 96});
  CHECK(analyse(record).findings.empty());
  CHECK(asksForMore(record));
}

TEST_CASE("at depth count the totals speak, without a place") {
  auto builder = RecordBuilder().site(kSick, {0, 1000, 2000, 4000, 8000}, {0, 17000, 34000, 68000, 136000});
  builder.record().depth = Depth::count;
  for (auto& checkpoint : builder.record().checkpoints) checkpoint.memory.sites.clear();
  const auto finding = onlyFinding(builder);
  CHECK(finding.caller == CodeLocation{});
  CHECK(finding.bytesPerEvent == 17);
}

TEST_CASE("without the shim there is no heap to judge") {
  auto builder = RecordBuilder();
  builder.record().depth = Depth::none;
  const auto analysis = analyse(builder);
  CHECK(analysis.findings.empty());
  CHECK(analysis.sites.empty());
}

TEST_CASE("a record without blocks proves nothing") {
  CHECK(analyse(RunRecord{}).metrics.empty());
  CHECK_FALSE(asksForMore(RunRecord{}));
}
