// Processes and kernel objects: the kernel's count decides, the places say where.
#include "analysis/object_findings.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "analysis/analyse.hpp"
#include "analysis/steering.hpp"
#include "only_finding.hpp"
#include "record_builder.hpp"

using namespace leakgate;

namespace {

const CodeLocation kFork = RecordBuilder::at(0x1000);
const CodeLocation kOther = RecordBuilder::at(0x2000);
const std::vector<std::uint64_t> kLeaked{0, 1000, 2000, 4000, 8000};

RecordBuilder withObjects(ResourceKind kind, const std::vector<std::uint64_t>& counts,
                          const std::vector<std::uint64_t>& bytes = {0, 0, 0, 0, 0}) {
  RecordBuilder builder;
  for (std::size_t k = 0; k < counts.size(); ++k)
    builder.record().checkpoints[k].process.objects[kind] = {counts[k], bytes[k]};
  return builder;
}

}  // namespace

TEST_CASE("children that are not waited for are found at the call that made them") {
  const auto finding =
      onlyFinding(RecordBuilder().resource(ResourceKind::process, kFork, kLeaked, &ProcessSample::zombies));
  CHECK((finding.kind == FindingKind::zombie));
  CHECK(finding.caller == kFork);
  CHECK(finding.blocksPerEvent == 1);
  CHECK((finding.follows == Follows::request));
}

TEST_CASE("children that stay are another kind, and what comes with each is not a separate finding") {
  auto builder = RecordBuilder().resource(ResourceKind::process, kFork, kLeaked, &ProcessSample::processes);
  for (auto& checkpoint : builder.record().checkpoints) {
    const std::uint64_t children = checkpoint.requests;
    checkpoint.process.descriptors += 9 * children;
    checkpoint.process.threads += children;
    checkpoint.process.mappings += 30 * children;
    checkpoint.process.rows.push_back({100, 7, 9, 2, 30});
    checkpoint.process.objects[ResourceKind::registration].count = 5 * (1 + children);  // inherited
  }
  const auto finding = onlyFinding(builder);
  CHECK((finding.kind == FindingKind::process));
  CHECK(finding.caller == kFork);
  GrowthLimits& limits = builder.record().limits;
  limits.mappings = limits.descriptors = limits.threads = limits.processes = 10'000'000;
  CHECK(nextBlock(builder.record()).requests == 0);
}

TEST_CASE("a descriptor that the parent leaks beside its children is found all the same") {
  auto builder = RecordBuilder()
                     .resource(ResourceKind::process, kFork, kLeaked, &ProcessSample::processes)
                     .resource(ResourceKind::descriptor, kOther, kLeaked, &ProcessSample::descriptors);
  for (auto& checkpoint : builder.record().checkpoints)
    checkpoint.process.rows.push_back({100, 7, 9 + checkpoint.requests, 2, 30});
  const auto analysis = analyse(builder);
  REQUIRE(analysis.findings.size() == 2);
  CHECK((analysis.findings[0].kind == FindingKind::descriptor));
  CHECK(analysis.findings[0].caller == kOther);
  CHECK((analysis.findings[1].kind == FindingKind::process));
}

TEST_CASE("children that end by themselves are no finding though none is waited for") {
  // SIGCHLD is ignored: the kernel keeps nothing of them.
  CHECK(analyse(RecordBuilder().resource(ResourceKind::process, kFork, kLeaked)).findings.empty());
}

TEST_CASE("zombies among children that are reaped unseen are found, at the only place there is") {
  auto builder = RecordBuilder().resource(ResourceKind::process, kFork, {0, 2000, 4000, 8000, 16000});
  for (auto& checkpoint : builder.record().checkpoints) checkpoint.process.zombies = checkpoint.requests;
  const auto finding = onlyFinding(builder);
  CHECK((finding.kind == FindingKind::zombie));
  CHECK(finding.caller == kFork);
  CHECK(finding.blocksPerEvent == 1);
}

TEST_CASE("workers that are replaced are as many as before") {
  auto builder = RecordBuilder().resource(ResourceKind::process, kFork, {4, 9, 14, 25, 45});
  for (auto& checkpoint : builder.record().checkpoints) checkpoint.process.processes = 5;
  builder.record().checkpoints[2].process.processes = 6;  // one was on its way
  const auto analysis = analyse(builder);
  CHECK(analysis.findings.empty());
  CHECK(nextBlock(builder.record()).requests == 0);
}

TEST_CASE("objects behind one descriptor are found by the kernel's list, without a place") {
  const auto finding = onlyFinding(withObjects(ResourceKind::watch, {1, 1001, 2001, 4001, 8001}));
  CHECK((finding.kind == FindingKind::watch));
  CHECK(finding.blocksPerEvent == 1);
  CHECK(finding.caller == CodeLocation{});
}

TEST_CASE("pages of one memfd are found by their bytes") {
  const auto finding = onlyFinding(
      withObjects(ResourceKind::sharedMemory, {0, 0, 0, 0, 0}, {0, 4096000, 8192000, 16384000, 32768000}));
  CHECK((finding.kind == FindingKind::sharedMemory));
  CHECK(finding.blocksPerEvent == 0);
  CHECK(finding.bytesPerEvent == 4096);
}

TEST_CASE("the memfd that grows is named") {
  auto builder =
      withObjects(ResourceKind::sharedMemory, {0, 0, 0, 0, 0}, {0, 4096000, 8192000, 16384000, 32768000});
  for (auto& checkpoint : builder.record().checkpoints)
    checkpoint.process.openFiles["/memfd:spool (deleted)"] = 4096 * checkpoint.requests;
  CHECK(onlyFinding(builder).detail == "/memfd:spool (deleted)");
}

TEST_CASE("pages fill now and then") {
  RecordBuilder builder;
  for (auto& checkpoint : builder.record().checkpoints)
    checkpoint.process.objects[ResourceKind::sharedMemory].bytes =
        (checkpoint.requests * 71 + 900) / 4096 * 4096;
  CHECK(onlyFinding(builder).bytesPerEvent == doctest::Approx(71).epsilon(0.01));
}

TEST_CASE("without a place, names in shared directories needs the exact proportion") {
  // Another program's files come and go there.
  CHECK(analyse(withObjects(ResourceKind::file, {40, 1041, 2043, 4040, 8049})).findings.empty());
  CHECK(onlyFinding(withObjects(ResourceKind::file, {40, 1040, 2040, 4040, 8040})).blocksPerEvent == 1);
}

TEST_CASE("without a place, names that appear while idle are another program's") {
  auto builder =
      withObjects(ResourceKind::sharedMemory, {0, 0, 0, 0, 0}, {0, 4096000, 8192000, 16384000, 32768000});
  RunRecord& record = builder.record();
  for (auto& checkpoint : record.checkpoints)
    checkpoint.process.openFiles["/memfd:spool (deleted)"] = 4096 * checkpoint.requests;
  const Checkpoint last = record.checkpoints.back();
  for (std::uint64_t second = 1; second <= 40; ++second) {
    Checkpoint& reading = record.idle.emplace_back(last);
    reading.atNs += second * 1'000'000'000;
    reading.process.objects[ResourceKind::sharedMemory].count = second;
  }
  const Finding finding = onlyFinding(record);
  CHECK((finding.follows == Follows::request));
  CHECK(finding.detail == "/memfd:spool (deleted)");
}

TEST_CASE("files of one place count as far as the directory has them") {
  auto left = withObjects(ResourceKind::file, {40, 1041, 2043, 4040, 8049})
                  .resource(ResourceKind::file, kFork, kLeaked);
  CHECK(onlyFinding(left).caller == kFork);
  // Removed by another process.
  auto removed =
      withObjects(ResourceKind::file, {40, 41, 43, 40, 49}).resource(ResourceKind::file, kFork, kLeaked);
  CHECK(analyse(removed).findings.empty());
}

TEST_CASE("message queues of either system are found at their place") {
  for (const ResourceKind kind : {ResourceKind::posixQueue, ResourceKind::messageQueue}) {
    const auto finding =
        onlyFinding(withObjects(ResourceKind::messageQueue, kLeaked).resource(kind, kFork, kLeaked));
    CHECK((finding.kind == FindingKind::messageQueue));
    CHECK(finding.caller == kFork);
    CHECK(finding.blocksPerEvent == 1);
    // Removed by another process.
    const auto removed =
        withObjects(ResourceKind::messageQueue, {0, 1, 0, 2, 0}).resource(kind, kFork, kLeaked);
    CHECK(analyse(removed).findings.empty());
  }
}

TEST_CASE("what the kernel does not list counts by its places") {
  const auto finding =
      onlyFinding(RecordBuilder().resource(ResourceKind::threadKey, kFork, {0, 100, 200, 400, 800}));
  CHECK((finding.kind == FindingKind::threadKey));
  CHECK(finding.caller == kFork);
}

TEST_CASE("a log that grows is observed, and a deleted file that grows is found") {
  const auto growing = [](const std::string& path) {
    RecordBuilder builder;
    for (auto& checkpoint : builder.record().checkpoints)
      checkpoint.process.openFiles[path] = 500 + 80 * checkpoint.requests;
    return analyse(builder);
  };
  const auto log = growing("/var/log/access.log");
  CHECK(log.findings.empty());
  REQUIRE(log.observations.size() == 1);
  CHECK(log.observations[0].detail == "/var/log/access.log");
  CHECK((log.observations[0].pattern == Pattern::linear));
  const auto deleted = growing("/tmp/spool (deleted)");
  REQUIRE(deleted.findings.size() == 1);
  CHECK(deleted.findings[0].bytesPerEvent == 80);
  CHECK(deleted.findings[0].detail == "/tmp/spool (deleted)");
}

TEST_CASE("a few objects more or less are no news") {
  const auto analysis = analyse(withObjects(ResourceKind::lock, {0, 1, 0, 2, 3}));
  CHECK(analysis.findings.empty());
  CHECK(analysis.observations.empty());
}

TEST_CASE("descriptors are named by type, and objects behind them are part of their finding") {
  auto builder = RecordBuilder()
                     .resource(ResourceKind::descriptor, kFork, kLeaked, &ProcessSample::descriptors)
                     .resource(ResourceKind::watch, kOther, kLeaked);
  for (auto& checkpoint : builder.record().checkpoints) {
    checkpoint.process.descriptorTypes = {{"inotify", checkpoint.requests}, {"socket", 8}};
    checkpoint.process.objects[ResourceKind::watch].count = checkpoint.requests;
    checkpoint.process.objects[ResourceKind::registration].count = checkpoint.requests;
  }
  const auto finding = onlyFinding(builder);
  CHECK((finding.kind == FindingKind::descriptor));
  CHECK(
      finding.detail ==
      "8000 more of the kind: inotify; each with +1.000 file watches; each with +1.000 epoll registrations");
}

TEST_CASE("the block that the loader makes for each thread is one finding with the threads") {
  const CodeLocation loader{"/lib64/ld-linux-x86-64.so.2", 0x11d30};
  const std::vector<std::int64_t> blocks{0, 1000, 2000, 4000, 8000};
  const std::vector<std::int64_t> bytes{0, 272000, 544000, 1088000, 2176000};
  const auto leaked = [&](const CodeLocation& place) {
    return RecordBuilder()
        .resource(ResourceKind::thread, kFork, kLeaked, &ProcessSample::threads)
        .site(place, blocks, bytes)
        .record();
  };
  const auto finding = onlyFinding(leaked(loader));
  CHECK((finding.kind == FindingKind::thread));
  CHECK(finding.caller == kFork);
  REQUIRE_FALSE(finding.evidence.empty());
  CHECK(finding.evidence.back().starts_with("each with a heap block of 272 B"));
  CHECK(analyse(leaked(kOther)).findings.size() == 2);  // what the program allocates for each is its own
}

TEST_CASE("metrics exist where they changed or a budget names them") {
  const auto named = [](const RunRecord& record, const std::string& name) {
    const auto metrics = analyse(record).metrics;
    return std::any_of(metrics.begin(), metrics.end(), [&](const Metric& m) { return m.name == name; });
  };
  RunRecord record = withObjects(ResourceKind::watch, {1, 1001, 2001, 4001, 8001});
  CHECK(named(record, "watches_growth"));
  CHECK_FALSE(named(record, "zombies_growth"));
  record.scenario.budgets["zombies_growth"] = {};
  CHECK(named(record, "zombies_growth"));
}
