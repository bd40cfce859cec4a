#include "html/gate_page.hpp"

#include <doctest/doctest.h>

#include "html/page_samples.hpp"
#include "html/well_formed.hpp"
#include "report/gate_data.hpp"
#include "report/report_json.hpp"
#include "report/sample_report.hpp"
#include "session/workspace.hpp"

using namespace leakgate;
using leakgate::test::flawOf;

namespace {

std::vector<GateResult> resultsOf(const std::vector<Report>& reports) {
  std::vector<GateResult> results;
  for (const Report& report : reports) {
    results.push_back(resultOf(report, "reports/latest/x.json"));
    results.back().name += fmt::format("_{}", results.size());
    results.back().report->scenario.name = results.back().name;
  }
  return results;
}

std::string pageOf(const std::vector<GateResult>& results) {
  return gatePage({results, redReasons(results, "leakgate gate"), 41}, {});
}

}  // namespace

TEST_CASE("every reason stands before the scenarios, with its command and the way to its scenario") {
  auto results = resultsOf({cleanReport(), failingReport(), failingReport()});
  GateResult& died = results.emplace_back();
  died.name = "uploads";
  died.outcome = Outcome::cannotMeasure;
  died.error = "the target ended with exit code 139";
  const std::string page = pageOf(results);
  CHECK(flawOf(page) == "");
  CHECK(holds(page, "<span>1 of 4 scenarios passed</span>"));
  const std::string reasons = page.substr(0, page.find("<section id=\"scenarios\">"));
  for (const std::string_view part :
       {"the target ended with exit code 139", "LEAK  h3::Event::setContext", "<a href=\"#scenario-2\">",
        "<a href=\"#scenario-3\">", "<code>leakgate gate uploads</code>"}) {
    CAPTURE(part);
    CHECK(holds(reasons, part));
  }
  CHECK(holds(page, "<article id=\"scenario-2-finding-1\">"));
  CHECK(holds(page, "<article id=\"scenario-3-finding-1\">"));
  CHECK(holds(page, "Report: reports/latest/x.json"));
  CHECK_FALSE(holds(page, "id=\"scenario-1\""));
}

TEST_CASE("a hundred scenarios that fail stay below 1 MB, each with its reasons") {
  const std::string page = pageOf(resultsOf(std::vector<Report>(100, failingReport())));
  CHECK(page.size() < 1'000'000);
  CHECK(flawOf(page) == "");
  CHECK(holds(page, "id=\"scenario-100\""));
}

TEST_CASE("a gate's page carries its reports, those that failed first, and says which it leaves out") {
  const Workspace workspace;
  const auto file = workspace.file("gate.html");
  auto results = resultsOf({cleanReport(), failingReport()});
  writeAtomically(file, pageOf(results));
  CHECK(reportsOfPage(file) ==
        std::vector{file.string() + "#" + results[1].name, file.string() + "#" + results[0].name});
  CHECK(toText(toJson(readReport(reportsOfPage(file)[0]))) == toText(toJson(*results[1].report)));

  std::vector<Report> many(400, failingReport());
  for (Report& report : many) report.profile = sampleProfile();
  const std::string page = pageOf(resultsOf(many));
  CHECK(page.size() < 1'000'000);
  CHECK(flawOf(page) == "");
  writeAtomically(file, page);
  const std::size_t carried = reportsOfPage(file).size();
  CHECK(carried > 0);
  CHECK(carried < 400);
  CHECK(holds(page, std::to_string(carried) + " of 400 reports are in this page, without profiles."));
  CHECK(holds(page, "<li>" + resultsOf(many).back().name + "</li>"));
}

TEST_CASE("no name becomes markup") {
  auto results = resultsOf({hostileReport(), hostileReport()});
  results[0].name = results[0].error = kHostile;
  results[0].reportFile = results[1].reportFile = kHostile;
  results[0].notes = {kHostile};
  results[0].baselineMetrics = results[0].report->metrics;
  const std::string page = pageOf(results);
  CHECK(flawOf(page) == "");
  CHECK_FALSE(holds(page, "<img"));
  CHECK_FALSE(holds(page, "<script>alert"));
  // NOLINTNEXTLINE(misc-misleading-bidirectional)
  CHECK_FALSE(holds(page.substr(0, page.find("application/json")), "\u202e"));
}

TEST_CASE("a gate of nothing is a page, too") { CHECK(flawOf(pageOf({})) == ""); }
