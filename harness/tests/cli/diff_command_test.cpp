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

TEST_CASE("two pages of gates are compared as their folders are") {
  const Workspace workspace;
  const auto pageOf = [&](const std::string& gate, Report first) {
    Report second = cleanReport();
    first.scenario.name = "first";
    second.scenario.name = gate + "_only";
    writeReport(workspace, gate + "/first.json", first);
    writeReport(workspace, gate + "/" + gate + "_only.json", second);
    const std::string page = workspace.file(gate + ".html").string();
    REQUIRE(leakgateMain({"export", workspace.file(gate).string(), "--format", page}) == 0);
    return page;
  };
  const std::string before = pageOf("before", cleanReport());
  const std::string after = pageOf("after", leakyReport());
  const Printed printed = printedBy({"diff", before, after});
  CHECK(printed.status == 1);
  CAPTURE(printed.text);
  CHECK(printed.text.find("1 of 1 scenarios are worse than before") != std::string::npos);
  CHECK(printed.text.find("only in " + before + ": before_only.json\n") != std::string::npos);
  CHECK(printed.text.find("only in " + after + ": after_only.json\n") != std::string::npos);
  CHECK(printedBy({"diff", workspace.file("before").string(), after}).status == 1);
  CHECK(leakgateMain({"diff", before + "#first", before + "#first"}) == 0);
  CHECK(leakgateMain({"diff", before + "#first", after + "#first", "--format", "html"}) == 1);
  const Printed mixed = printedBy({"diff", before + "#first", after});
  CHECK(mixed.status == 2);
  CHECK(mixed.text.find("found a file of one report, expected a folder of reports, or a gate's page, as " +
                        after) != std::string::npos);
}
