#include "analysis/stack_growth.hpp"

#include <doctest/doctest.h>

#include "analysis/analyse.hpp"
#include "record_builder.hpp"

using namespace leakgate;

namespace {

const CodeLocation kLeaf = RecordBuilder::at(0x10);
const CodeLocation kLeft = RecordBuilder::at(0x20);
const CodeLocation kRight = RecordBuilder::at(0x30);
const CodeLocation kMain = RecordBuilder::at(0x40);

// One site: the right way leaks most, the left way a little, a third way not.
GrowingPlace heapAt(const CodeLocation& caller, const std::string& scope = "") {
  return {FindingKind::heap, {&caller, 1}, scope};
}

RecordBuilder twoWays() {
  RecordBuilder builder;
  builder.stack({kLeaf, kLeft, kMain}, {5, 505, 1005, 2005, 4005}, {50, 5050, 10050, 20050, 40050}, "", 10);
  builder.stack({kLeaf, kRight, kMain}, {0, 1000, 2000, 4000, 8000}, {0, 10000, 20000, 40000, 80000}, "", 10);
  builder.stack({kLeaf, kMain}, {7, 7, 7, 7, 7}, {70, 70, 70, 70, 70}, "", 20);
  return builder;
}

}  // namespace

TEST_CASE("the stacks of a site that grew, the largest first") {
  const auto growths = stackGrowths(twoWays(), heapAt(kLeaf));
  REQUIRE(growths.size() == 2);
  CHECK(growths[0].stack == CallStack{{kLeaf, kRight, kMain}, false});
  CHECK(growths[0].blocks == Series{0, 1000, 2000, 4000, 8000});
  CHECK(growths[1].blocks == Series{0, 500, 1000, 2000, 4000});
  CHECK(growths[1].bytes == Series{0, 5000, 10000, 20000, 40000});
  CHECK(stackGrowths(twoWays(), heapAt(kLeft)).empty());
  CHECK(stackGrowths(twoWays(), heapAt(kLeaf, "setContext")).empty());
}

TEST_CASE("what was counted by its caller alone is a cut stack") {
  const RunRecord record = RecordBuilder().site(kLeaf, {0, 1, 2, 4, 8}, {0, 8, 16, 32, 64});
  const auto growths = stackGrowths(record, heapAt(kLeaf));
  REQUIRE(growths.size() == 1);
  CHECK(growths[0].stack == CallStack{{kLeaf}, true});
}

TEST_CASE("the stacks of descriptors that stay open, mappings with their bytes, and of no other kind") {
  const std::vector<std::uint64_t> open{3, 503, 1003, 2003, 4003};
  const RunRecord record = RecordBuilder()
                               .resourceStack(ResourceKind::descriptor, {kLeaf, kLeft, kMain}, open)
                               .resourceStack(ResourceKind::descriptor, {kLeaf, kMain}, {7, 7, 7, 7, 7})
                               .resourceStack(ResourceKind::mapping, {kLeaf, kRight, kMain}, {0, 1, 2, 4, 8});
  const auto descriptors = stackGrowths(record, {FindingKind::descriptor, {&kLeaf, 1}, ""});
  REQUIRE(descriptors.size() == 1);
  CHECK(descriptors[0].stack == CallStack{{kLeaf, kLeft, kMain}, false});
  CHECK(descriptors[0].blocks == Series{0, 500, 1000, 2000, 4000});
  const auto mappings = stackGrowths(record, {FindingKind::mapping, {&kLeaf, 1}, ""});
  REQUIRE(mappings.size() == 1);
  CHECK(mappings[0].bytes == Series{0, 4096, 8192, 16384, 32768});
  CHECK(stackGrowths(record, heapAt(kLeaf)).empty());
}

TEST_CASE("sites are judged alike with stacks and without") {
  const Analysis analysis = analyse(twoWays());
  REQUIRE(analysis.findings.size() == 1);
  CHECK(analysis.findings[0].caller == kLeaf);
  CHECK(analysis.findings[0].blocks == Series{0, 1500, 3000, 6000, 12000});
}

TEST_CASE("the filter has the places and sizes that grew") {
  const RunRecord record = twoWays();
  CHECK(stackFilterOf(record, analyse(record).findings) == "10 10 server\n");
  CHECK(stackFilterOf(record, {}).empty());
  // A block that is enlarged again and again: no size has more blocks than before.
  const RunRecord enlarged = RecordBuilder().site(kLeft, {1, 1, 1, 1, 1}, {0, 1000, 2000, 4000, 8000});
  CHECK(stackFilterOf(enlarged, analyse(enlarged).findings) == "* 20 server\n");
  // A place of descriptors is in no block's way, but something must be listed: no filter unwinds every block.
  const RunRecord opened = RecordBuilder().resource(ResourceKind::descriptor, kMain,
                                                    {0, 1000, 2000, 4000, 8000}, &ProcessSample::descriptors);
  CHECK(stackFilterOf(opened, analyse(opened).findings) == "* 40 server\n");
  // A text of any length.
  RecordBuilder many;
  for (std::uint64_t bytes = 1; bytes <= 17; ++bytes)
    many.stack({kRight}, {0, 10, 20, 40, 80}, {0, 10, 20, 40, 80}, "", bytes);
  CHECK(stackFilterOf(many, analyse(many).findings) == "* 30 server\n");
}

TEST_CASE("a plain leak shows in the planned blocks, a rare one or a managed heap only in the added ones") {
  Finding finding;
  finding.follows = Follows::request;
  finding.blocksPerEvent = 1;
  CHECK_FALSE(needsAddedBlocks({&finding, 1}));
  finding.blocksPerEvent = 0.001;
  CHECK(needsAddedBlocks({&finding, 1}));
  finding.follows = Follows::time;
  CHECK_FALSE(needsAddedBlocks({&finding, 1}));
  finding.follows = Follows::request;
  finding.blocksPerEvent = 1;
  finding.kind = FindingKind::managed;
  CHECK(needsAddedBlocks({&finding, 1}));
}
