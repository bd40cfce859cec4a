#include <doctest/doctest.h>

#include "command_run.hpp"
#include "report/atomic_file.hpp"
#include "report/finding_text.hpp"
#include "report/sample_report.hpp"

using namespace leakgate;
using namespace leakgate::test;

namespace {

Report named(Report report, const std::string& scenario) {
  report.scenario.name = scenario;
  for (const auto& finding : report.findings) {
    report.verdict.outcome = Outcome::fail;
    report.verdict.failures.push_back({finding.fingerprint, findingLine(finding)});
  }
  return report;
}

// The reports of a gate: one that passed, one with a leak.
struct Kept {
  Workspace workspace;
  std::string clean = writeReport(workspace, "latest/clean.json", named(cleanReport(), "clean"));
  std::string leaky = writeReport(workspace, "latest/leaky.json", named(leakyReport(), "leaky"));
  std::string folder = workspace.file("latest").string();

  std::string file(const std::string& name) const { return workspace.file(name).string(); }
};

}  // namespace

TEST_CASE("export writes the reports of a folder in each format, by its name or its file's") {
  const Kept kept;
  const std::string xml = kept.file("leaks.xml"), sarif = kept.file("leaks.sarif");
  CHECK(leakgateMain({"export", kept.folder, "--format", "junit=" + xml, "--format", sarif}) == 0);
  CHECK(holds(readWhole(xml), "tests=\"2\" failures=\"1\""));
  CHECK(holds(readWhole(sarif), leakyReport().findings[0].fingerprint));
}

TEST_CASE("export writes to standard output, and its exit code is no verdict") {
  const Kept kept;
  const Printed printed = printedBy({"export", kept.leaky, "--format", "markdown=-"});
  CHECK(printed.status == 0);
  CHECK(holds(printed.text, "LEAK"));
  CHECK(holds(printed.text, "leaky"));
}

TEST_CASE("a gate's page is exported like the folder that it was made of") {
  const Kept kept;
  const std::string page = kept.file("gate.html");
  REQUIRE(leakgateMain({"export", kept.folder, "--format", page}) == 0);
  const auto junitOf = [&](const std::string& reports) {
    return printedBy({"export", reports, "--format", "junit=-"}).text;
  };
  const std::string whole = junitOf(page);
  CHECK(holds(whole, "tests=\"2\" failures=\"1\""));
  CHECK(holds(junitOf(page + "#leaky"), "tests=\"1\" failures=\"1\""));
  CHECK(holds(junitOf(page + "#clean"), "tests=\"1\" failures=\"0\""));
}

TEST_CASE("wrong usage of export is named") {
  const Kept kept;
  struct Row {
    std::vector<std::string> arguments;
    std::string message;
  };
  const Row rows[] = {
      {{"export", kept.folder}, "--format is required"},
      {{"export", kept.folder, "--format", "junti=a.xml"}, "junti"},
      {{"export", kept.folder, "--format", "leaks.unknown"}, "leaks.unknown"},
      {{"export", kept.file("none.json"), "--format", "junit=-"}, "none.json"},
      {{"export", kept.file(""), "--format", "junit=-"}, "reports"},
      {{"export", kept.folder, "--format", "junit=" + kept.file("latest")}, "latest"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.message);
    const Printed printed = printedBy(row.arguments);
    CAPTURE(printed.text);
    CHECK(printed.status == 2);
    CHECK(holds(printed.text, row.message));
  }
}
