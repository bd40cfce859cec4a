#include "report/gate_data.hpp"

#include <doctest/doctest.h>

#include "report/page_data.hpp"
#include "report/report_json.hpp"
#include "report/sample_report.hpp"
#include "scenario/input_error.hpp"
#include "session/workspace.hpp"

using namespace leakgate;

namespace {

constexpr std::size_t kRoom = 100'000;

Report reportNamed(const std::string& scenario) {
  Report report = leakyReport();
  report.scenario.name = scenario;
  report.profile = sampleProfile();
  return report;
}

struct Page {
  Workspace workspace;
  std::filesystem::path file = workspace.file("gate.html");
  GateData data;

  explicit Page(const std::vector<std::string>& scenarios, std::size_t maxBytes = kRoom) {
    std::vector<Report> reports;
    for (const auto& scenario : scenarios) reports.push_back(reportNamed(scenario));
    std::vector<const Report*> pointers;
    for (const auto& report : reports) pointers.push_back(&report);
    writeAtomically(file, "<!DOCTYPE html>" + gateDataBlocks(pointers, maxBytes, data));
  }

  std::string refusalOf(const std::string& scenario) const {
    try {
      readReport(file.string() + scenario);
    } catch (const InputError& error) {
      return std::string(error.what()).substr(file.string().size());
    }
    return "accepted";
  }
};

}  // namespace

TEST_CASE("each report of a gate's page is read by its scenario, without its profile") {
  const Page page({"login", "a.b"});
  CHECK(reportsOfPage(page.file) == std::vector{page.file.string() + "#login", page.file.string() + "#a.b"});
  for (const auto& named : reportsOfPage(page.file)) {
    const Report report = readReport(named);
    CHECK(named.ends_with("#" + report.scenario.name));
    CHECK(report.findings.at(0).fingerprint == leakyReport().findings.at(0).fingerprint);
    CHECK_FALSE(report.profile.has_value());
  }
  CHECK(readReport(Page({"login"}).file).scenario.name == "login");
}

TEST_CASE("what is not in the page is refused by name") {
  const Page page({"login", "uploads"});
  CHECK(page.refusalOf("") ==
        ": found a gate's page with 2 reports, expected the report of one scenario; name it: " +
            page.file.string() + "#SCENARIO; it has login, uploads");
  CHECK(page.refusalOf("#logni") ==
        ": found no report of logni, expected one of login, uploads; did you mean login?");
  CHECK(Page({}).refusalOf("#login") == ": found no report of login, expected one of none");
}

TEST_CASE("reports for which there is no room are left out, and named") {
  GateData data;
  const Report report = reportNamed("a");
  const std::size_t room = gateDataBlocks({&report}, kRoom, data).size();  // with the list of one name
  const Page page({"a", "b"}, room);
  CHECK(page.data.reports == std::vector<std::string>{"a"});
  CHECK(page.data.leftOut == std::vector<std::string>{"b"});
  CHECK(page.refusalOf("#b").starts_with(
      ": found no room for the report of b, expected one of a; give its own file"));
}

TEST_CASE("a second report of a scenario, and one whose name cannot be typed, are left out") {
  CHECK(Page({"login", "login"}).data.leftOut == std::vector<std::string>{"login"});
  CHECK(Page({std::string(1'000'000, 'x')}).data.leftOut ==
        std::vector<std::string>{std::string(1'000, 'x')});
}

TEST_CASE("a page of one report has no others") {
  const Workspace workspace;
  const auto file = workspace.file("run.html");
  writeAtomically(file, "<!DOCTYPE html>" + dataBlock(kReportDataId, toText(toJson(reportNamed("login")))));
  CHECK(reportsOfPage(file).empty());
  CHECK(readReport(file).scenario.name == "login");
  CHECK_THROWS_WITH_AS(
      readReport(file.string() + "#login"),
      (file.string() + ": found no gate's page, but #login, expected a page of several reports; leave "
                       "out #login")
          .c_str(),
      InputError);
}

TEST_CASE("a file whose own name has a # is taken whole") {
  const Workspace workspace;
  writeAtomically(workspace.file("a"), "{}");
  const auto file = workspace.file("a#b.json");
  writeAtomically(file, toText(toJson(reportNamed("login"))));
  CHECK(readReport(file).scenario.name == "login");
}
