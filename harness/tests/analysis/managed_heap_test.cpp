#include "analysis/managed_heap.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "analysis/analyse.hpp"
#include "record_builder.hpp"

using namespace leakgate;

namespace {

const char* const kNode = "/usr/bin/node";
const std::vector<std::uint64_t> kNoObjects(7, 0);
const std::vector<std::uint64_t> kLinear{0, 600'000, 1'200'000, 2'400'000, 4'800'000, 9'600'000, 19'200'000};
const std::vector<std::uint64_t> kNoise{0, 60'000, 20'000, 90'000, 40'000, 120'000, 100'000};

RecordBuilder managed(Runtime runtime, const std::vector<std::uint64_t>& bytes,
                      const std::vector<std::uint64_t>& objects, const std::string& module = kNode) {
  RecordBuilder builder(kExtendedBlocks);
  for (std::size_t k = 0; k < bytes.size(); ++k) {
    auto& checkpoint = builder.record().checkpoints[k];
    checkpoint.runtimes = {{runtime, module}};
    const std::uint64_t before = runtime == Runtime::cpython ? 0 : 5'000'000;
    checkpoint.heaps[runtime] = {{before + bytes[k], 80'000 + objects[k]}, 1, {}};
  }
  return builder;
}

// A site of the runtime's own code.
void addSite(RecordBuilder& builder, const std::string& module, std::int64_t bytesEach) {
  std::vector<std::int64_t> blocks;
  std::vector<std::int64_t> bytes;
  for (const auto& checkpoint : builder.record().checkpoints) {
    blocks.push_back(static_cast<std::int64_t>(checkpoint.requests));
    bytes.push_back(static_cast<std::int64_t>(checkpoint.requests) * bytesEach);
  }
  builder.site({module, 0x40}, blocks, bytes);
}

}  // namespace

TEST_CASE("a heap that rises after each collection is reported in the runtime's words") {
  const auto findings = analyse(managed(Runtime::node, kLinear, kNoObjects).record()).findings;
  REQUIRE(findings.size() == 1);
  const Finding& finding = findings.front();
  CHECK((finding.kind == FindingKind::managed));
  CHECK(finding.subject == "the JavaScript heap");
  CHECK((finding.follows == Follows::request));
  CHECK(finding.bytesPerEvent == doctest::Approx(600));
  REQUIRE(finding.evidence.size() == 1);
  CHECK(finding.evidence[0] == "Node.js (V8): live JavaScript objects after a collection at each checkpoint");
}

TEST_CASE("a heap whose program has turned collection off is reported as counted without one") {
  const std::vector<std::uint64_t> objects{0, 2'030, 4'010, 8'050, 16'020, 32'040, 64'030};
  RecordBuilder builder =
      managed(Runtime::cpython, std::vector<std::uint64_t>(7, 0), objects, "/usr/bin/python3");
  for (auto& checkpoint : builder.record().checkpoints) checkpoint.heaps[Runtime::cpython].uncollected = 1;
  const auto findings = analyse(builder.record()).findings;
  REQUIRE(findings.size() == 1);
  REQUIRE(findings.front().evidence.size() == 1);
  CHECK(findings.front().evidence[0].find("without a collection, since the program has turned it off") !=
        std::string::npos);
}

TEST_CASE("a heap that moves, fills up or rises by little does not leak") {
  for (const auto& bytes :
       {kNoise, std::vector<std::uint64_t>{0, 600'000, 1'200'000, 2'400'000, 4'800'000, 4'800'000, 4'800'000},
        std::vector<std::uint64_t>{0, 8'000, 16'000, 32'000, 64'000, 128'000, 256'000}}) {
    CHECK(analyse(managed(Runtime::node, bytes, kNoObjects).record()).findings.empty());
  }
}

TEST_CASE("objects are counted where bytes are not") {
  const std::vector<std::uint64_t> objects{0, 2'030, 4'010, 8'050, 16'020, 32'040, 64'030};
  const auto findings =
      analyse(
          managed(Runtime::cpython, std::vector<std::uint64_t>(7, 0), objects, "/usr/bin/python3").record())
          .findings;
  REQUIRE(findings.size() == 1);
  CHECK(findings.front().subject == "the Python heap");
  CHECK(findings.front().blocksPerEvent == doctest::Approx(2).epsilon(0.01));
}

TEST_CASE("a table that doubles within a heap that grows hides nothing") {
  std::vector<std::uint64_t> bytes = kLinear;
  for (std::size_t k = 0; k < bytes.size(); ++k) bytes[k] += k % 2 == 1 ? bytes[k] / 8 : 0;
  CHECK(analyse(managed(Runtime::node, bytes, kNoObjects).record()).findings.size() == 1);
}

TEST_CASE("a heap that was not collected at each checkpoint, or lost a worker, is not judged by its size") {
  RecordBuilder missing = managed(Runtime::node, kLinear, kNoObjects);
  missing.record().checkpoints[3].heaps.clear();
  CHECK(managedFindings(missing.record(), growthTableOf(missing.record())).empty());
  CHECK_FALSE(judgedRuntimes(missing.record()).front().measured);
  RecordBuilder worker = managed(Runtime::node, kLinear, kNoObjects);
  worker.record().checkpoints[5].heaps[Runtime::node].heaps = 2;
  CHECK(managedFindings(worker.record(), growthTableOf(worker.record())).empty());
}

TEST_CASE("blocks of the runtime's own code are the heap's when it grows") {
  RecordBuilder builder = managed(Runtime::node, kLinear, kNoObjects);
  addSite(builder, kNode, 100);
  const auto findings = analyse(builder.record()).findings;
  REQUIRE(findings.size() == 1);
  CHECK((findings.front().kind == FindingKind::managed));
}

TEST_CASE("native allocations of a JVM are reported with its heap") {
  const char* const jvm = "/usr/lib/jvm/lib/server/libjvm.so";
  const auto evidenceWith = [&](std::int64_t bytesEach) {
    RecordBuilder builder = managed(Runtime::jvm, kLinear, kNoObjects, jvm);
    addSite(builder, jvm, bytesEach);
    const auto findings = analyse(builder.record()).findings;
    REQUIRE(findings.size() == 1);
    CHECK((findings.front().kind == FindingKind::managed));
    return findings.front().evidence;
  };
  REQUIRE(evidenceWith(500).size() == 2);
  CHECK(evidenceWith(500)[1].find("+500 B per event by malloc") != std::string::npos);
  CHECK(evidenceWith(2).size() == 1);  // its own tables
}

TEST_CASE("an addon's leak is one, whatever the heap does") {
  for (const auto& bytes : {kLinear, kNoise}) {
    RecordBuilder builder = managed(Runtime::node, bytes, kNoObjects);
    addSite(builder, "/srv/node_modules/addon.node", 24);
    const auto findings = analyse(builder.record()).findings;
    const auto heap = std::count_if(findings.begin(), findings.end(),
                                    [](const Finding& finding) { return finding.kind == FindingKind::heap; });
    CHECK(heap == 1);
  }
}

TEST_CASE("native memory of the runtime itself leaks when its objects do not, above a quarter of a MiB") {
  RecordBuilder large = managed(Runtime::node, kNoise, kNoObjects);
  addSite(large, kNode, 100);
  CHECK(analyse(large.record()).findings.size() == 1);
  RecordBuilder small = managed(Runtime::node, kNoise, kNoObjects);
  addSite(small, kNode, 8);
  CHECK(analyse(small.record()).findings.empty());
}

TEST_CASE("the places that grew most are its evidence") {
  RecordBuilder builder = managed(Runtime::node, kLinear, kNoObjects);
  auto& checkpoints = builder.record().checkpoints;
  const HeapPlace handler{"onRequest", "file:///srv/app.js", 12};
  const HeapPlace cache{"lookup", "/srv/cache.js", 3};
  for (std::size_t k = 1; k < checkpoints.size(); ++k) {
    checkpoints[k].heaps[Runtime::node].places[handler] = {kLinear[k], 0};
    checkpoints[k].heaps[Runtime::node].places[cache] = {1000, 0};
  }
  const auto findings = analyse(builder.record()).findings;
  REQUIRE(findings.size() == 1);
  REQUIRE(findings.front().evidence.size() == 2);
  CHECK(findings.front().evidence[1] == "onRequest /srv/app.js:12: +600 B per event");
}
