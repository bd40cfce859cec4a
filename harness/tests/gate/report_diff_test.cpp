#include "gate/report_diff.hpp"

#include <doctest/doctest.h>

#include "report/sample_report.hpp"

using namespace leakgate;

namespace {

using Fate = FindingChange::Fate;

Frame frameAt(const char* function, const char* file) {
  Frame frame;
  frame.function = function;
  frame.file = file;
  return frame;
}

Report leaking(const char* function, double bytesPerRequest) {
  Report report = leakyReport();
  NamedFinding& finding = report.findings[0];
  finding.growth.bytesPerEvent = bytesPerRequest;
  finding.fingerprint = function;
  finding.place.function = function;
  finding.stack = {frameAt(function, "store.cpp"), frameAt("serve", "main.cpp")};
  finding.stacks.clear();
  return report;
}

SiteSummary site(const char* function, std::uint64_t allocations) {
  SiteSummary summary;
  summary.place = {function, "notes.cpp", 42, "server", ""};
  summary.allocations = allocations;
  summary.allocatedBytes = allocations * 64;
  return summary;
}

Report allocatingIn(std::vector<SiteSummary> sites, double total, std::optional<Spread> spread = {}) {
  Report report = allocating(total, spread, 0);
  report.look.requests = 1000;
  report.sites = std::move(sites);
  return report;
}

}  // namespace

TEST_CASE("equal reports have no changes") {
  const Report report = leakyReport();
  const ReportDiff diff = diffReports(report, report);
  CHECK_FALSE(diff.regressed());
  REQUIRE(diff.findings.size() == 1);
  CHECK(diff.findings[0].fate == Fate::same);
  CHECK(diff.places.empty());
  CHECK(diff.environment.empty());
}

TEST_CASE("a new leak, one that is gone, one that grew") {
  const Report clean = cleanReport();
  const Report once = leaking("save", 17);
  const Report twice = leaking("save", 34);
  CHECK(diffReports(clean, once).findings[0].fate == Fate::added);
  CHECK(diffReports(clean, once).regressed());
  CHECK(diffReports(once, clean).findings[0].fate == Fate::gone);
  CHECK_FALSE(diffReports(once, clean).regressed());
  CHECK(diffReports(once, twice).findings[0].fate == Fate::grew);
  CHECK(diffReports(twice, once).findings[0].fate == Fate::shrank);
}

TEST_CASE("a leak in a function that was renamed is not a new one, but it must not grow") {
  const Report old = leaking("saveNote", 17);
  const Report renamed = leaking("saveNotes", 17);
  const ReportDiff diff = diffReports(old, renamed);
  REQUIRE(diff.findings.size() == 1);
  CHECK(diff.findings[0].fate == Fate::same);
  CHECK(diff.findings[0].similarity < 1);
  CHECK(diff.comparison.newFindings.empty());
  CHECK_FALSE(diff.regressed());
  const Report worse = leaking("saveNotes", 34);
  CHECK(diffReports(old, worse).regressed());
  const Report elsewhere = leaking("rotateLog", 17);
  CHECK(diffReports(old, elsewhere).regressed() ==
        (diffReports(old, elsewhere).findings[0].fate == Fate::added));
}

TEST_CASE("a new leak comes before one that is gone") {
  Report before = leaking("closeSocket", 17);
  before.findings[0].stack = {frameAt("closeSocket", "net.cpp")};
  const Report after = leaking("saveNote", 17);
  const ReportDiff diff = diffReports(before, after);
  REQUIRE(diff.findings.size() == 2);
  CHECK(diff.findings[0].fate == Fate::added);
  CHECK(diff.findings[1].fate == Fate::gone);
}

TEST_CASE("one allocation more is said with its function, and the changes add up to that of the total") {
  const Report before = allocatingIn({site("login", 2000), site("render", 5000), site("old", 1000)}, 9);
  const Report after = allocatingIn({site("login", 3000), site("render", 5000), site("added", 1500)}, 10.5);
  const ReportDiff diff = diffReports(before, after);
  REQUIRE(diff.places.size() == 3);
  CHECK(diff.places[0].after.place.function == "added");
  CHECK(diff.places[1].after.place.function == "login");
  CHECK(diff.places[1].blocksAdded() == doctest::Approx(1));
  CHECK(diff.places[1].bytesAdded() == doctest::Approx(64));
  CHECK(diff.places[2].before.place.function == "old");
  double sum = diff.othersAdded;
  for (const PlaceChange& change : diff.places) sum += change.blocksAdded();
  CHECK(sum == doctest::Approx(1.5));
}

TEST_CASE("allocations that no place names are said as such") {
  const Report before = allocatingIn({site("login", 2000)}, 4);
  const Report after = allocatingIn({site("login", 2000)}, 7);
  const ReportDiff diff = diffReports(before, after);
  CHECK(diff.places.empty());
  CHECK(diff.othersAdded == doctest::Approx(3));
}

TEST_CASE("a function that was renamed allocates as before") {
  const Report before = allocatingIn({site("saveNote", 2000)}, 2);
  const Report after = allocatingIn({site("saveNotes", 2000)}, 2);
  CHECK(diffReports(before, after).places.empty());
  const Report more = allocatingIn({site("saveNotes", 3000)}, 3);
  const ReportDiff diff = diffReports(before, more);
  REQUIRE(diff.places.size() == 1);
  CHECK(diff.places[0].before.place.function == "saveNote");
  CHECK(diff.places[0].similarity < 1);
}

TEST_CASE("places are not compared while their sum only varies") {
  const Spread spread{6, 136.2, 136.4};
  const Report before = allocatingIn({site("serve", 136200)}, 136.2, spread);
  const Report after = allocatingIn({site("serve", 136300)}, 136.3);
  CHECK(diffReports(before, after).places.empty());
  const Report more = allocatingIn({site("serve", 137300)}, 137.3);
  CHECK(diffReports(before, more).places.size() == 1);
}

TEST_CASE("what differs between two machines is named") {
  const Report before = cleanReport();
  Report after = before;
  after.environment.compiler = "GNU C++20 13.2.0";
  CHECK(diffReports(before, after).environment ==
        std::vector<std::string>{"compiler: GNU C++20 12.2.0, now GNU C++20 13.2.0"});
}

TEST_CASE("a baseline has fingerprints of findings, and no places") {
  const Report report = leakyReport();
  CHECK(diffWithBaseline(reduce(report), report).findings.empty());
  CHECK(diffWithBaseline(reduce(cleanReport()), report).findings[0].fate == Fate::added);
  const Report clean = cleanReport();
  CHECK(diffWithBaseline(reduce(report), clean).findings[0].fate == Fate::gone);
}
