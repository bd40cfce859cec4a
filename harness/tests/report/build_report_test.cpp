#include "report/build_report.hpp"

#include <doctest/doctest.h>

#include "report/sample_report.hpp"

using namespace leakgate;

TEST_CASE("a report names the place, relative to the sources") {
  const Report report = leakyReport();
  REQUIRE(report.findings.size() == 1);
  const auto& finding = report.findings[0];
  CHECK(finding.place.function == "h3::Event::setContext");
  CHECK(finding.place.file == "src/event.cpp");
  CHECK(finding.place.line == 88);
  CHECK(finding.place.scope == "setContext");
  CHECK(finding.stack.size() == 3);
  REQUIRE(report.series.size() == 5);
  CHECK(report.series[0].checkpoint == "warm");
  CHECK(report.series[4].liveBytes == 136000);
}

TEST_CASE("a fingerprint stays when addresses, lines and template arguments change, and only then") {
  const auto print = [](const char* function, const char* scope = "", const char* module = "server") {
    return findingFingerprint(FindingKind::heap, {function, "a.cpp", 1, module, scope});
  };
  CHECK(leakyReport(0x1000).findings[0].fingerprint == leakyReport(0x5550).findings[0].fingerprint);
  CHECK(print("Map<int>::put") == print("Map<std::string>::put"));
  CHECK(print("run::{lambda#1}::operator()") == print("run::{lambda#3}::operator()"));
  CHECK(print("put") != print("get"));
  CHECK(print("put", "setContext") != print("put", "setParam"));
  CHECK(print("put", "", "server") != print("put", "", "libother.so"));
  CHECK(print("put", "", "server-1.2") == print("put", "", "server-1.3"));
  CHECK(print("put") != findingFingerprint(FindingKind::thread, {"put", "a.cpp", 1, "server", ""}));
}

TEST_CASE("a place that the compiler copied is one finding; another step is another") {
  auto builder = RecordBuilder();
  const Series blocks{0, 1000, 2000, 4000, 8000};
  const Series bytes{0, 17000, 34000, 68000, 136000};
  builder.site(RecordBuilder::at(0x1000), blocks, bytes).site(RecordBuilder::at(0x2000), blocks, bytes);
  const Report merged = reportOf(builder);
  REQUIRE(merged.findings.size() == 1);
  CHECK(merged.findings[0].growth.blocksPerEvent == 2);
  CHECK(merged.findings[0].growth.bytesPerEvent == 34);
  CHECK(merged.findings[0].growth.blocks.back() == 16000);

  builder.site(RecordBuilder::at(0x3000), {0, 500, 1000, 1990, 4010}, {0, 500, 1000, 1990, 4010});
  builder.steps({{500, 500}, {500, 500}, {990, 1010}, {2020, 1980}});
  CHECK(reportOf(builder).findings.size() == 2);
}

TEST_CASE("the sites that grew most come first, then those that allocate most") {
  auto builder = RecordBuilder();
  builder.site(RecordBuilder::at(1), {0, 1, 1, 1, 1}, {0, 10, 10, 10, 10});
  builder.site(RecordBuilder::at(2), {0, 9, 0, 9, 0}, {0, 90, 0, 90, 0});
  builder.site(RecordBuilder::at(3), {0, 5, 5, 5, 5}, {0, 50, 50, 50, 50});
  const Report report = reportOf(builder);
  REQUIRE(report.sites.size() == 3);
  CHECK(report.sites[0].bytesGrowth == 50);
  CHECK(report.sites[1].bytesGrowth == 10);
  CHECK(report.sites[2].bytesGrowth == 0);
  CHECK(report.sites[2].allocations == 18);
}
