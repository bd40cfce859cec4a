#include <doctest/doctest.h>

#include "command_run.hpp"
#include "report/sample_report.hpp"

using namespace leakgate;
using namespace leakgate::test;

TEST_CASE("diff's exit codes") {
  const Workspace workspace;
  const auto clean = writeReport(workspace, "clean.json", cleanReport());
  const auto leaky = writeReport(workspace, "leaky.json", leakyReport());
  CHECK(leakgateMain({"diff", clean, clean}) == 0);
  CHECK(leakgateMain({"diff", clean, leaky}) == 1);
  CHECK(leakgateMain({"diff", clean, leaky, "--markdown"}) == 1);
  CHECK(leakgateMain({"diff", leaky, clean, "--json"}) == 0);
  CHECK(leakgateMain({"diff", clean, workspace.file("missing.json").string()}) == 2);
  Report other = cleanReport();
  other.scenario.hash = "fedcba9876543210";
  other.scenario.target.command = {"another-server", "{port}"};
  CHECK(leakgateMain({"diff", clean, writeReport(workspace, "other.json", other)}) == 0);
  other.scenario.load.seed = 99;
  CHECK(leakgateMain({"diff", clean, writeReport(workspace, "other.json", other)}) == 2);
  Report partial = leakyReport();
  partial.end = RunEnd::outOfTime;
  const auto early = writeReport(workspace, "early.json", partial);
  for (const auto& arguments : {std::vector{std::string("diff"), early, clean}, {"diff", clean, early}}) {
    const Printed printed = printedBy(arguments);
    CHECK(printed.status == 2);
    CHECK(
        printed.text.find("early.json: run.end: found \"out of time\", a partial report, expected that of") !=
        std::string::npos);
  }
}
