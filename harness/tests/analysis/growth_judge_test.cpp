// Growth beside the heap, and which of it is reported beside another finding.
#include "analysis/growth_judge.hpp"

#include <doctest/doctest.h>

#include "only_finding.hpp"

using namespace leakgate;

TEST_CASE("descriptors and threads that stay are findings") {
  auto builder = RecordBuilder();
  for (auto& checkpoint : builder.record().checkpoints) {
    checkpoint.process.descriptors += checkpoint.requests / 10;
    checkpoint.process.threads += checkpoint.requests / 100;
  }
  const auto analysis = analyse(builder);
  REQUIRE(analysis.findings.size() == 2);
  CHECK(toString(analysis.findings[0].kind) == "descriptor");
  CHECK(toString(analysis.findings[0].follows) == "request");
  CHECK(analysis.findings[0].blocksPerEvent == doctest::Approx(0.1));
  CHECK(toString(analysis.findings[1].kind) == "thread");
  CHECK(toString(analysis.findings[1].follows) == "request");

  auto clean = RecordBuilder();
  clean.record().checkpoints[2].process.descriptors += 3;  // a connection that lingered
  CHECK(analyse(clean).findings.empty());
}

TEST_CASE("what threads that are all alive keep is no leak: a pool starts them as it needs them") {
  for (const std::int64_t each : {1, 6}) {
    CAPTURE(each);
    RecordBuilder builder(kExtendedBlocks);
    std::vector<std::int64_t> blocks, bytes;
    for (const std::int64_t started : {0, 1, 2, 3, 5, 6, 7}) {
      blocks.push_back(each * started);
      bytes.push_back(288 * each * started);
      builder.record().checkpoints[blocks.size() - 1].process.threads +=
          static_cast<std::uint64_t>(each * started);
    }
    builder.site(kSick, blocks, bytes);
    CHECK(analyse(builder).findings.empty());
  }
}

TEST_CASE("descriptors, threads and mappings that stay are found at the place that opened them") {
  const std::vector<std::uint64_t> leaked{0, 1000, 2000, 4000, 8000};
  const std::vector<std::uint64_t> kept{9, 9, 9, 9, 9};
  struct Case {
    ResourceKind kind;
    std::uint64_t ProcessSample::*count;
    const char* name;
    double bytes;
  };
  for (const Case& one : {Case{ResourceKind::descriptor, &ProcessSample::descriptors, "descriptor", 4096},
                          Case{ResourceKind::thread, &ProcessSample::threads, "thread", 4096},
                          Case{ResourceKind::mapping, &ProcessSample::mappings, "mapping", 4096}}) {
    CAPTURE(one.name);
    const auto finding = onlyFinding(RecordBuilder()
                                         .resource(one.kind, kClean, kept, one.count)
                                         .resource(one.kind, kSick, leaked, one.count));
    CHECK(toString(finding.kind) == one.name);
    CHECK(finding.caller == kSick);
    CHECK(finding.blocksPerEvent == 1);
    CHECK(finding.bytesPerEvent == one.bytes);
  }
}

TEST_CASE("threads that have ended and are not joined are found though the kernel counts none") {
  const auto finding =
      onlyFinding(RecordBuilder().resource(ResourceKind::thread, kSick, {0, 100, 200, 400, 800}));
  CHECK(toString(finding.kind) == "thread");
  CHECK(finding.blocksPerEvent == doctest::Approx(0.1));
  CHECK(analyse(RecordBuilder().resource(ResourceKind::thread, kSick, {0, 100, 200, 400, 800}))
            .observations.empty());
}

TEST_CASE("what the places do not explain is found without a place") {
  auto builder = RecordBuilder().resource(ResourceKind::descriptor, kSick, {0, 1000, 2000, 4000, 8000},
                                          &ProcessSample::descriptors);
  for (auto& checkpoint : builder.record().checkpoints)
    checkpoint.process.descriptors += checkpoint.requests * 2;
  const auto analysis = analyse(builder);
  REQUIRE(analysis.findings.size() == 2);
  CHECK(analysis.findings[0].caller == kSick);
  CHECK(analysis.findings[1].caller == CodeLocation{});
  CHECK(analysis.findings[1].blocksPerEvent == 2);
}

TEST_CASE("mappings that the kernel has no more are not a finding") {
  auto builder = RecordBuilder().resource(ResourceKind::mapping, kSick, {0, 1000, 2000, 4000, 8000});
  for (auto& checkpoint : builder.record().checkpoints) checkpoint.process.mappedBytes = 1 << 20;
  CHECK(analyse(builder).findings.empty());
}

TEST_CASE("resident memory that rises over flat live blocks is observed, and is not a leak") {
  const auto analysisOf = [](std::uint64_t risen) {
    auto builder = RecordBuilder();
    for (auto& checkpoint : builder.record().checkpoints)
      checkpoint.process.resident.bytes += checkpoint.requests * risen;
    return analyse(builder);
  };
  CHECK(analysisOf(500).observations.empty());  // 4 MB: negligible
  const auto analysis = analysisOf(1000);
  CHECK(analysis.findings.empty());
  REQUIRE(analysis.observations.size() == 1);
  CHECK(toString(analysis.observations[0].kind) == "retention");
  CHECK(analysis.observations[0].bytes == 8'000'000);

  // Resident because it is live: a leak, and no retention.
  auto leaking =
      RecordBuilder().site(kSick, {0, 1000, 2000, 4000, 8000}, {0, 1000000, 2000000, 4000000, 8000000});
  for (auto& checkpoint : leaking.record().checkpoints)
    checkpoint.process.resident.bytes += checkpoint.requests * 1000;
  CHECK(toString(onlyFinding(leaking).kind) == "heap");
  CHECK(analyse(leaking).observations.empty());
}

TEST_CASE("mappings are a finding only in proportion, and not beside a heap leak") {
  auto builder = RecordBuilder();
  for (auto& checkpoint : builder.record().checkpoints)
    checkpoint.process.mappings += checkpoint.requests / 100;
  CHECK(toString(onlyFinding(builder).kind) == "mapping");

  builder.site(kSick, {0, 1000, 2000, 4000, 8000}, {0, 17000, 34000, 68000, 136000});
  CHECK(toString(onlyFinding(builder).kind) == "heap");

  auto irregular = RecordBuilder(kExtendedBlocks);
  const std::uint64_t mappings[] = {30, 31, 33, 36, 41, 46, 53};
  for (std::size_t k = 0; k < 7; ++k) irregular.record().checkpoints[k].process.mappings = mappings[k];
  CHECK(analyse(irregular).findings.empty());
}
