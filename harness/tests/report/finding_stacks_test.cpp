#include "report/finding_stacks.hpp"

#include <doctest/doctest.h>

#include "report/sample_report.hpp"

using namespace leakgate;

namespace {

const Series kGrowth{0, 1000, 2000, 4000, 8000};
const Series kBytes{0, 17000, 34000, 68000, 136000};

// 0x1000: in the C++ library; 0x20..: the user's functions, by address; 0x2001 has the same lines as 0x2000.
std::vector<Frame> framesByAddress(const CodeLocation& location) {
  const std::string function = location.offset == 0x1000  ? "std::string::append"
                               : location.offset < 0x3000 ? "login<int>"
                                                          : "serve";
  const unsigned line = location.offset < 0x3000 ? 20 : location.offset < 0x4000 ? 30 : 31;
  return {{function, "/src/app/a.cpp", line, false, "server", location.offset}};
}

Report reportOn(const RunRecord& first, const RunRecord* again) {
  const Analysis analysis = analyse(first);
  const Analysis second = again != nullptr ? analyse(*again) : Analysis{};
  BuildOptions options{"", {framesByAddress, "/src/app"}, {}};
  if (again != nullptr) options.unwound = {again, &second, true};
  return buildReport(first, analysis, sampleEnvironment(), options);
}

std::vector<CodeLocation> way(std::uint64_t caller, std::uint64_t outer = 0x3000) {
  return {RecordBuilder::at(0x1000), RecordBuilder::at(caller), RecordBuilder::at(outer)};
}

const RunRecord kFirst = RecordBuilder().site(RecordBuilder::at(0x1000), kGrowth, kBytes, "scope");

}  // namespace

TEST_CASE("a finding is named by its largest stack and keeps its identity") {
  const RunRecord again =
      RecordBuilder()
          .stack(way(0x2000, 0x4000), {0, 250, 500, 1000, 2000}, {0, 4250, 8500, 17000, 34000}, "scope")
          .stack(way(0x2000), {0, 750, 1500, 3000, 6000}, {0, 12750, 25500, 51000, 102000}, "scope");
  const Report sites = reportOn(kFirst, nullptr);
  const Report report = reportOn(kFirst, &again);
  REQUIRE(report.findings.size() == 1);
  const NamedFinding& finding = report.findings[0];
  CHECK(finding.fingerprint == sites.findings[0].fingerprint);
  CHECK(sites.findings[0].place.function == "std::string::append");
  CHECK(finding.place.function == "login<int>");
  CHECK(finding.place.scope == "scope");
  CHECK((finding.confirmed == Confirmed::yes));
  CHECK(finding.stackCount == 2);
  REQUIRE(finding.stacks.size() == 2);
  CHECK(finding.stacks[0].blocksPerEvent == 0.75);
  CHECK(finding.stacks[1].blocksPerEvent == 0.25);
  CHECK(finding.stack == finding.stacks[0].frames);
  CHECK(finding.stack[1].file == "a.cpp");
  CHECK(finding.growth.blocks == kGrowth);  // the first replay's
}

TEST_CASE("a descriptor's finding has its stacks as a block's has") {
  const std::vector<std::uint64_t> open{0, 1000, 2000, 4000, 8000};
  const RunRecord first = RecordBuilder().resource(ResourceKind::descriptor, RecordBuilder::at(0x1000), open,
                                                   &ProcessSample::descriptors);
  const RunRecord again =
      RecordBuilder().resourceStack(ResourceKind::descriptor, way(0x2000), open, &ProcessSample::descriptors);
  const Report report = reportOn(first, &again);
  REQUIRE(report.findings.size() == 1);
  const NamedFinding& finding = report.findings[0];
  CHECK((finding.growth.kind == FindingKind::descriptor));
  CHECK((finding.confirmed == Confirmed::yes));
  CHECK(finding.place.function == "login<int>");
  CHECK(finding.fingerprint == reportOn(first, nullptr).findings[0].fingerprint);
  REQUIRE(finding.stacks.size() == 1);
  CHECK(finding.stacks[0].blocksPerEvent == 1);
  CHECK(finding.stacks[0].frames.size() == 3);
}

TEST_CASE("a second replay in which another kind grows at the place does not confirm") {
  const std::vector<std::uint64_t> open{0, 1000, 2000, 4000, 8000};
  const RunRecord first = RecordBuilder().resource(ResourceKind::descriptor, RecordBuilder::at(0x1000), open,
                                                   &ProcessSample::descriptors);
  const RunRecord again = RecordBuilder().stack(way(0x2000), kGrowth, kBytes);
  const Report report = reportOn(first, &again);
  CHECK((report.findings[0].confirmed == Confirmed::no));
  CHECK(report.findings[0].stacks.empty());
}

TEST_CASE("addresses of the same lines are one stack") {
  const Series half{0, 500, 1000, 2000, 4000};
  const RunRecord again =
      RecordBuilder().stack(way(0x2000), half, half, "scope").stack(way(0x2001), half, half, "scope");
  const Report report = reportOn(kFirst, &again);
  REQUIRE(report.findings[0].stacks.size() == 1);
  CHECK(report.findings[0].stackCount == 1);
  CHECK(report.findings[0].stacks[0].blocks.back() == 8000);
}

TEST_CASE("a second replay that does not grow takes nothing back") {
  const Series flat{0, 0, 0, 0, 0};
  const RunRecord again = RecordBuilder().stack(way(0x2000), flat, flat, "scope");
  const Report report = reportOn(kFirst, &again);
  REQUIRE(report.findings.size() == 1);
  CHECK((report.findings[0].confirmed == Confirmed::no));
  CHECK(report.findings[0].stacks.empty());
  CHECK(report.findings[0].place.function == "std::string::append");
  CHECK((reportOn(kFirst, nullptr).findings[0].confirmed == Confirmed::notAsked));
}

TEST_CASE("the number of stacks is bounded, and reported") {
  RecordBuilder builder;
  for (std::uint64_t i = 0; i < 100; ++i) {
    const auto blocks = static_cast<std::int64_t>(i + 1);
    builder.stack({RecordBuilder::at(0x1000), {"/lib/other" + std::to_string(i) + ".so", 0x3000}},
                  {0, blocks, 2 * blocks, 4 * blocks, 8 * blocks},
                  {0, blocks, 2 * blocks, 4 * blocks, 8 * blocks}, "scope");
  }
  const RunRecord again = builder;
  const auto framesOf = [](const CodeLocation& location) {
    Frame frame;
    frame.module = location.module;
    return std::vector<Frame>(1, frame);
  };
  const Analysis second = analyse(again);
  std::vector<NamedFinding> findings(1);
  findings[0].callers = {RecordBuilder::at(0x1000)};
  findings[0].growth = analyse(kFirst).findings[0];
  addStacks(findings, {&again, &second, true}, {framesOf, ""});
  CHECK(findings[0].stacks.size() == kMaxStacks);
  CHECK(findings[0].stackCount == 100);
  CHECK(findings[0].stacks[0].blocks.back() == 800);
}

TEST_CASE("the identity of a stack") {
  const auto frame = [](const char* function, const char* module = "server", bool inlined = false) {
    return Frame{function, "a.cpp", 7, inlined, module, 0x10};
  };
  const auto print = [](std::vector<Frame> frames) { return stackFingerprint(frames); };
  const auto base = print({frame("put<int>"), frame("walk"), frame("main")});
  CHECK(print({frame("put<long>", "server", true), frame("walk"), frame("walk"), frame("main")}) == base);
  CHECK(print({{"put<int>", "b.cpp", 9, false, "server", 0x99}, frame("walk"), frame("main")}) == base);
  CHECK(print({frame("get"), frame("walk"), frame("main")}) != base);
  CHECK(print({frame("put<int>"), frame("main"), frame("walk")}) != base);
  CHECK(print({frame("", "libx.so"), frame("main")}) != print({frame("", "liby.so"), frame("main")}));
}
