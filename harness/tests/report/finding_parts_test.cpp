// One allocation site through which several lines leak.
#include "report/finding_parts.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "gate/judge.hpp"
#include "report/finding_text.hpp"
#include "report/run_text.hpp"
#include "report/sample_report.hpp"

using namespace leakgate;

namespace {

constexpr std::uint64_t kSite = 0x1000;       // in the standard library
constexpr std::uint64_t kAllocator = 0x1800;  // the program's own
constexpr std::uint64_t kLine = 0x2000;       // and above: 0x20NN is line NN of "keepNN"; 0x30NN calls those

std::vector<Frame> framesAt(const CodeLocation& location) {
  const auto line = static_cast<unsigned>(location.offset & 0xff);
  Frame frame{"", "/src/app/a.cpp", line, false, "server", location.offset};
  if (location.offset == kSite) {
    frame.function = "std::string::append";
  } else if (location.offset == kAllocator) {
    frame.function = "xmalloc";
    frame.allocates = true;
  } else {
    frame.function = (location.offset < 0x3000 ? "keep" : "handle") + std::to_string(line);
  }
  return {frame};
}

Series times(const Series& series, std::int64_t factor) {
  Series all;
  for (const std::int64_t value : series) all.push_back(value * factor);
  return all;
}

Series sumOf(const Series& a, const Series& b) {
  Series sum;
  for (std::size_t k = 0; k < a.size(); ++k) sum.push_back(a[k] + b[k]);
  return sum;
}

const std::vector<std::vector<std::uint64_t>> kSteps{{600, 400}, {500, 500}, {990, 1010}, {2020, 1980}};
const Series kAll{0, 1000, 2000, 4000, 8000};
const Series kLogins{0, 600, 1100, 2090, 4110};
const Series kLogouts{0, 400, 900, 1910, 3890};

std::vector<CodeLocation> way(std::initializer_list<std::uint64_t> offsets) {
  std::vector<CodeLocation> frames;
  for (const std::uint64_t offset : offsets) frames.push_back(RecordBuilder::at(offset));
  return frames;
}

Report reportOn(RecordBuilder first, RecordBuilder again) {
  const RunRecord firstRecord = first.steps(kSteps);
  const RunRecord secondRecord = again.steps(kSteps);
  const Analysis analysis = analyse(firstRecord);
  const Analysis second = analyse(secondRecord);
  return buildReport(firstRecord, analysis, sampleEnvironment(),
                     {"", {framesAt, "/src/app"}, {&secondRecord, &second, true}});
}

Report siteReport(const Series& blocks, std::uint64_t site, RecordBuilder again) {
  return reportOn(RecordBuilder().site(RecordBuilder::at(site), blocks, times(blocks, 20)), std::move(again));
}

}  // namespace

TEST_CASE("two lines that leak through one site are two findings, each with its cause") {
  const Report report = siteReport(kAll, kSite,
                                   RecordBuilder()
                                       .stack(way({kSite, 0x200b, 0x3001}), kLogins, times(kLogins, 20))
                                       .stack(way({kSite, 0x200f, 0x3001}), kLogouts, times(kLogouts, 20)));
  REQUIRE(report.findings.size() == 2);
  const NamedFinding& login = report.findings[0];
  const NamedFinding& logout = report.findings[1];
  CHECK(login.place.line == 11);
  CHECK(logout.place.line == 15);
  CHECK(login.growth.step == "login");
  CHECK(logout.growth.step == "logout");
  CHECK(login.growth.events == 4110);
  CHECK(logout.growth.blocksPerEvent == 1);
  CHECK(logout.growth.bytesPerEvent == 20);
  CHECK(sumOf(login.growth.blocks, logout.growth.blocks) == kAll);
  CHECK(login.stacks.size() == 1);
  CHECK((logout.confirmed == Confirmed::yes));
  CHECK(login.lines.empty());
  CHECK(login.callers == logout.callers);
  CHECK(login.countedGrowth().blocks == kAll);
}

TEST_CASE("a part's identity is its place, whichever is the largest") {
  const auto prints = [](std::int64_t login, std::int64_t logout) {
    const Report report =
        siteReport(sumOf(times(kLogins, login), times(kLogouts, logout)), kSite,
                   RecordBuilder()
                       .stack(way({kSite, 0x200b}), times(kLogins, login), times(kLogins, 20 * login))
                       .stack(way({kSite, 0x200f}), times(kLogouts, logout), times(kLogouts, 20 * logout)));
    std::vector<std::string> all;
    for (const auto& finding : report.findings) all.push_back(finding.fingerprint);
    std::sort(all.begin(), all.end());
    CHECK(report.findings.at(0).site == report.findings.at(1).site);
    return all;
  };
  const auto first = prints(1, 3);
  REQUIRE(first.size() == 2);
  CHECK(first[0] != first[1]);
  CHECK(prints(3, 1) == first);
}

TEST_CASE("the program's own allocator is not blamed, its callers are") {
  const Report report = siteReport(kAll, kAllocator,
                                   RecordBuilder()
                                       .stack(way({kAllocator, 0x2009}), kLogins, times(kLogins, 20))
                                       .stack(way({kAllocator, 0x200a}), kLogouts, times(kLogouts, 20)));
  REQUIRE(report.findings.size() == 2);
  CHECK(report.findings[0].place.function == "keep9");
  CHECK(findingLine(report.findings[1]).starts_with("LEAK  keep10 a.cpp:10, through xmalloc  +1.000 blocks"));
}

TEST_CASE("a function that leaks for several callers is one finding that lists them") {
  const Report report = siteReport(kAll, kSite,
                                   RecordBuilder()
                                       .stack(way({kSite, 0x200b, 0x3001}), kLogins, times(kLogins, 20))
                                       .stack(way({kSite, 0x200b, 0x3002}), kLogouts, times(kLogouts, 20)));
  REQUIRE(report.findings.size() == 1);
  const NamedFinding& finding = report.findings[0];
  CHECK(finding.place.function == "keep11");
  CHECK(finding.site.empty());
  CHECK(finding.growth.blocks == kAll);
  REQUIRE(finding.lines.size() == 2);
  CHECK(finding.lines[0].calls);
  CHECK(finding.lines[0].place.function == "handle1");
  CHECK(finding.lines[1].share == doctest::Approx(3890.0 / 8000));
  const auto lines = findingPlaceLines(finding);
  CHECK(lines.back() == " 49 %  called from handle2 a.cpp:2");
}

TEST_CASE("a line that stops is no part") {
  const Report report =
      siteReport(kAll, kSite,
                 RecordBuilder()
                     .stack(way({kSite, 0x200b}), kAll, times(kAll, 20))
                     .stack(way({kSite, 0x200f}), {0, 900, 900, 900, 900}, {0, 18000, 18000, 18000, 18000}));
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings[0].place.line == 11);
  CHECK(report.findings[0].site.empty());
  REQUIRE(report.findings[0].lines.size() == 2);
  CHECK(report.findings[0].lines[1].place.line == 15);
}

TEST_CASE("lines that grow more than their site are not split") {
  // The first replay looked further: there one of them stopped.
  const Report report = siteReport(kAll, kSite,
                                   RecordBuilder()
                                       .stack(way({kSite, 0x200b}), kAll, times(kAll, 20))
                                       .stack(way({kSite, 0x200f}), kAll, times(kAll, 20)));
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings[0].growth.blocks == kAll);
  CHECK(report.findings[0].lines.size() == 2);
}

TEST_CASE("the parts of a site are bounded, the last are one") {
  RecordBuilder again;
  for (std::uint64_t line = 1; line <= 20; ++line)
    again.stack(way({kSite, kLine + line}), kAll, times(kAll, 100 - static_cast<std::int64_t>(line)));
  const Report report = siteReport(times(kAll, 20), kSite, again);
  REQUIRE(report.findings.size() == kMaxParts);
  const NamedFinding& others = report.findings.back();
  CHECK(others.growth.detail == "5 other lines through the same allocation");
  CHECK(others.growth.blocksPerEvent == 5);
  CHECK(others.lines.size() == 5);
  double blocks = 0;
  for (const auto& finding : report.findings) blocks += finding.growth.blocksPerEvent;
  CHECK(blocks == 20);
}

TEST_CASE("findings with the same words have each their own stack in the text") {
  RecordBuilder again;
  Report report = siteReport(times(kAll, 2), kSite,
                             again.stack(way({kSite, 0x200b, 0x3001}), kAll, times(kAll, 20))
                                 .stack(way({kSite, 0x200f, 0x3002}), kAll, times(kAll, 20)));
  REQUIRE(report.findings.size() == 2);
  report.findings[1].place = report.findings[0].place;
  report.verdict = judge(report, nullptr);
  const std::string text = verdictText(report, "");
  CHECK(text.find("handle1") != std::string::npos);
  CHECK(text.find("handle2") != std::string::npos);
}
