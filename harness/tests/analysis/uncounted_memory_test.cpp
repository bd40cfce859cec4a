#include "analysis/uncounted_memory.hpp"

#include <doctest/doctest.h>

#include "analysis/analyse.hpp"
#include "record_builder.hpp"

using namespace leakgate;

namespace {

const std::vector<std::int64_t> kRising{0, kMiB, 2 * kMiB, 4 * kMiB, 8 * kMiB, 16 * kMiB, 32 * kMiB};
const std::vector<std::int64_t> kStopping{0, kMiB, 2 * kMiB, 4 * kMiB, 8 * kMiB, 8 * kMiB, 8 * kMiB};

// Anonymous memory in the mapping `name`, above 10 MiB at "warm".
RecordBuilder resident(const std::vector<std::int64_t>& rise, const std::string& name = "[heap]") {
  RecordBuilder builder(kExtendedBlocks);
  for (std::size_t k = 0; k < rise.size(); ++k) {
    auto& checkpoint = builder.record().checkpoints[k];
    checkpoint.memory.audit.privateBytes = kMiB;
    ResidentMemory& memory = checkpoint.process.resident;
    memory.bytes = static_cast<std::uint64_t>(11 * kMiB + rise[k]);
    memory.byName[name] = static_cast<std::uint64_t>(10 * kMiB + rise[k]);
  }
  return builder;
}

void setTouchedArea(RunRecord& record, const std::vector<std::int64_t>& rise, std::uint64_t bytes) {
  for (std::size_t k = 0; k < rise.size(); ++k)
    record.checkpoints[k].process.resident.largest = {{7, 4096, bytes, static_cast<std::uint64_t>(rise[k])}};
}

std::vector<Finding> findingsOf(const RunRecord& record) { return analyse(record).findings; }

const Observation* retentionOf(const Analysis& analysis) {
  for (const auto& observation : analysis.observations) {
    if (observation.kind == FindingKind::retention) return &observation;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("resident memory that nothing counts, in proportion to the work") {
  const auto findings = findingsOf(resident(kRising).record());
  REQUIRE(findings.size() == 1);
  const Finding& finding = findings.front();
  CHECK((finding.kind == FindingKind::uncounted));
  CHECK((finding.follows == Follows::request));
  CHECK(finding.subject == "memory outside the counted heap");
  CHECK(finding.bytesPerEvent == doctest::Approx(32.0 * kMiB / 32000));
  REQUIRE(finding.evidence.size() == 2);
  CHECK(finding.evidence[0] == "resident memory +1049 B per event, counted blocks and mappings +0.0 B");
  CHECK(finding.evidence[1] == "in the program break (sbrk) +32.0 MiB");
}

TEST_CASE("it is no finding when it stops, but an observation") {
  const Analysis analysis = analyse(resident(kStopping).record());
  CHECK(analysis.findings.empty());
  REQUIRE(retentionOf(analysis) != nullptr);
  CHECK((retentionOf(analysis)->pattern == Pattern::bounded));
  CHECK(retentionOf(analysis)->bytes == 8 * kMiB);
  CHECK(retentionOf(analyse(resident({0, 1, 2, 3, 4, 5, 4 * kMiB - 1}).record())) == nullptr);
}

TEST_CASE("the shim's own memory is not the target's") {
  RecordBuilder builder = resident(kRising);
  for (std::size_t k = 0; k < kRising.size(); ++k)
    builder.record().checkpoints[k].memory.audit.privateBytes = static_cast<std::uint64_t>(kMiB + kRising[k]);
  CHECK(findingsOf(builder.record()).empty());
}

TEST_CASE("a heap that leaks as much explains it: one cause, one finding, and no note beside") {
  RecordBuilder builder = resident(kRising);
  const std::vector<std::int64_t> blocks{0, 1000, 2000, 4000, 8000, 16000, 32000};
  builder.site(RecordBuilder::at(0x40), blocks, kRising);
  const Analysis analysis = analyse(builder.record());
  REQUIRE(analysis.findings.size() == 1);
  CHECK((analysis.findings.front().kind == FindingKind::heap));
  CHECK(retentionOf(analysis) == nullptr);
}

TEST_CASE("leaked blocks explain memory around them, up to four times their size or a page each") {
  const auto findingsBeside = [&](std::int64_t bytesShare, std::int64_t blocksShare) {
    RecordBuilder builder = resident(kRising);
    std::vector<std::int64_t> bytes, blocks;
    for (const auto rise : kRising) {
      bytes.push_back(rise / bytesShare);
      blocks.push_back(rise / blocksShare);
    }
    builder.site(RecordBuilder::at(0x40), blocks, bytes);
    return findingsOf(builder.record()).size();
  };
  CHECK(findingsBeside(3, 64 << 10) == 1);
  CHECK(findingsBeside(8, 2 << 10) == 1);
  CHECK(findingsBeside(8, 64 << 10) == 2);  // another cause
}

TEST_CASE("mappings and blocks that grow lazily count with all their bytes") {
  RecordBuilder builder = resident(kRising);
  std::vector<std::uint64_t> open;
  for (const auto rise : kRising) open.push_back(static_cast<std::uint64_t>(rise / 4096));
  builder.resource(ResourceKind::mapping, RecordBuilder::at(0x50), open);
  for (const auto& finding : findingsOf(builder.record())) CHECK((finding.kind == FindingKind::mapping));
}

TEST_CASE("new processes come with their own memory") {
  RecordBuilder builder = resident(kRising);
  builder.record().checkpoints.back().process.processes = 2;
  CHECK_FALSE(uncountedFinding(builder.record(), driversOf(builder.record()), {}));
}

TEST_CASE("threads too, while they come; a pool that filled up at the start does not hide it") {
  RecordBuilder late = resident(kRising);
  late.record().checkpoints.back().process.threads += 1;
  CHECK_FALSE(uncountedFinding(late.record(), driversOf(late.record()), {}));
  RecordBuilder early = resident(kRising);
  for (std::size_t k = 1; k < kRising.size(); ++k) early.record().checkpoints[k].process.threads += 4;
  CHECK(uncountedFinding(early.record(), driversOf(early.record()), {}));
}

TEST_CASE("a large block touched bit by bit: a pool within two more doublings, else a finding") {
  RecordBuilder pool = resident(kRising, kAnonymousName);
  setTouchedArea(pool.record(), kRising, 64 * kMiB);
  CHECK(findingsOf(pool.record()).empty());
  RecordBuilder reserve = resident(kRising, kAnonymousName);
  setTouchedArea(reserve.record(), kRising, 1024 * kMiB);
  const auto findings = findingsOf(reserve.record());
  REQUIRE(findings.size() == 1);
  REQUIRE(findings.front().evidence.size() == 3);
  CHECK(findings.front().evidence[2] ==
        "pages of 1024.0 MiB that were mapped before become resident: full after 992000 more events");
}

TEST_CASE(
    "a runtime that cannot be made to collect is named; one that was collected has said what is alive") {
  RecordBuilder go = resident(kRising, kAnonymousName);
  for (auto& checkpoint : go.record().checkpoints) checkpoint.runtimes = {{Runtime::go, "/bin/server"}};
  setTouchedArea(go.record(), kRising, 64 * kMiB);  // its arena, which is no pool
  const auto findings = findingsOf(go.record());
  REQUIRE(findings.size() == 1);
  CHECK(findings.front().subject == "the Go heap");

  // Stacks of threads: 16 MiB reserved, some pages touched.
  go.resource(ResourceKind::mapping, RecordBuilder::at(7), {0, 0, 0, 0, 0, 4096, 4096});
  CHECK(findingsOf(go.record()).size() == 1);

  RecordBuilder node = resident(kRising, kAnonymousName);
  for (auto& checkpoint : node.record().checkpoints) {
    checkpoint.runtimes = {{Runtime::node, "/bin/server"}};
    checkpoint.heaps[Runtime::node] = {{5'000'000, 0}, 1, {}};
  }
  CHECK(findingsOf(node.record()).empty());
}

TEST_CASE("more work is requested while it rises, and not once it stops") {
  const auto firstOf = [](const std::vector<std::int64_t>& rise, std::size_t checkpoints) {
    RecordBuilder builder = resident(rise);
    builder.record().checkpoints.resize(checkpoints);
    return uncountedMayRise(builder.record(), driversOf(builder.record()));
  };
  CHECK(firstOf(kRising, 5));
  CHECK(firstOf(kRising, 6));
  CHECK(firstOf(kRising, 7));
  CHECK_FALSE(firstOf(kStopping, 6));
}

TEST_CASE("without the shim nothing is known to be uncounted") {
  RecordBuilder builder = resident(kRising);
  builder.record().depth = Depth::none;
  CHECK(findingsOf(builder.record()).empty());
}

TEST_CASE("what an allocator maps for a heap that leaks is no second finding; mappings of a page each are") {
  const std::vector<std::int64_t> blocks{0, 1000, 2000, 4000, 8000, 16000, 32000};
  const auto kindsWith = [&](std::uint64_t bytesEach) {
    RecordBuilder builder(kExtendedBlocks);
    builder.site(RecordBuilder::at(0x40), blocks, kRising);
    for (std::size_t k = 0; k < kRising.size(); ++k) {
      auto& checkpoint = builder.record().checkpoints[k];
      const auto bytes = static_cast<std::uint64_t>(kRising[k]);
      checkpoint.memory.resources.push_back(
          {ResourceKind::mapping, RecordBuilder::at(0x50), bytes / bytesEach, 0, bytes, 0});
      checkpoint.process.mappedBytes += bytes;
    }
    return findingsOf(builder.record()).size();
  };
  CHECK(kindsWith(1 << 16) == 1);
  CHECK(kindsWith(1 << 12) == 2);
}
