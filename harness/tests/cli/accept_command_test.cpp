#include <doctest/doctest.h>

#include "command_run.hpp"
#include "report/baseline.hpp"
#include "report/sample_report.hpp"

using namespace leakgate;
using namespace leakgate::test;

TEST_CASE("accept takes what passes, and the rest only on purpose") {
  const Workspace workspace;
  const auto reports = workspace.file("latest").string();
  const auto baselines = workspace.file("baselines").string();
  const auto accept = [&](std::vector<std::string> arguments) {
    std::vector<std::string> all{"accept", "--repeats", "0", "--reports", reports, "--baselines", baselines};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return leakgateMain(all);
  };
  CHECK(accept({"--all"}) == 2);  // no reports

  Report clean = cleanReport();
  clean.verdict.outcome = Outcome::badInput;  // its old baseline was stale: what accept is for
  writeReport(workspace, "latest/sample.json", clean);
  CHECK(accept({"sample"}) == 0);
  CHECK(readBaseline(workspace.file("baselines/sample.json")).findings.empty());

  writeReport(workspace, "latest/sample.json", leakyReport());
  CHECK(accept({"--all"}) == 1);
  CHECK(readBaseline(workspace.file("baselines/sample.json")).findings.empty());  // as it was
  CHECK(accept({"--all", "--force"}) == 1);                                       // looser, and no reason
  CHECK(accept({"--all", "--force", "--reason", "a known leak"}) == 0);
  CHECK(readBaseline(workspace.file("baselines/sample.json")).findings.size() == 1);

  Report overBudget = cleanReport();
  overBudget.scenario.budgets["requests"].max = 7999;
  writeReport(workspace, "latest/sample.json", overBudget);
  CHECK(accept({"sample"}) == 1);
  CHECK(accept({"sample", "--force"}) == 0);
  Report timesOnly = cleanReport();
  timesOnly.depth = Depth::none;
  writeReport(workspace, "latest/sample.json", timesOnly);
  CHECK(accept({"sample", "--force"}) == 1);

  Report unmeasured = cleanReport();
  unmeasured.audit.eventsDropped = 1;
  writeReport(workspace, "latest/sample.json", unmeasured);
  CHECK(accept({"sample", "--force"}) == 1);

  Report partial = leakyReport();
  partial.end = RunEnd::outOfTime;
  writeReport(workspace, "latest/sample.json", partial);
  CHECK(accept({"sample", "--force"}) == 1);
  CHECK(accept({"nothing"}) == 2);
  CHECK(accept({"--all", "--repeats", "many"}) == 2);
}

TEST_CASE("what is looser is listed, refused without a reason, and logged with it") {
  const Workspace workspace;
  const auto reports = workspace.file("latest").string();
  const auto baselines = workspace.file("baselines").string();
  const auto accept = [&](std::vector<std::string> arguments) {
    std::vector<std::string> all{"accept",    "sample", "--repeats",   "0",
                                 "--reports", reports,  "--baselines", baselines};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return printedBy(all);
  };
  const auto baseline = [&] { return readBaseline(workspace.file("baselines/sample.json")); };
  writeReport(workspace, "latest/sample.json", cleanReport());
  CHECK(accept({}).status == 0);
  CHECK(baseline().log.empty());

  writeReport(workspace, "latest/sample.json", allocating(3, std::nullopt, 3));
  const Printed refused = accept({});
  CHECK(refused.status == 1);
  CHECK(refused.text.find("refused: it would be looser than before, and no reason is given\n"
                          "  looser: allocations_per_request: 3 blocks, was 0 blocks\n") !=
        std::string::npos);
  CHECK(refused.text.find("--reason TEXT") != std::string::npos);
  CHECK(baseline().log.empty());

  CHECK(accept({"--reason", "a buffer of its own"}).status == 0);
  REQUIRE(baseline().log.size() == 1);
  CHECK(baseline().log[0].reason == "a buffer of its own");
  CHECK(baseline().log[0].commit == "c0ffee");
  CHECK(baseline().log[0].loosened.size() == 1);

  writeReport(workspace, "latest/sample.json", allocating(2, std::nullopt, 2));
  CHECK(accept({}).status == 0);  // tighter: no reason needed, the log stays
  CHECK(baseline().log.size() == 1);
  for (const std::string& reason : {std::string("two\nlines"), std::string(" "), std::string(201, 'x')}) {
    const Printed wrong = accept({"--reason", reason});
    CHECK(wrong.status == 2);
    CHECK(wrong.text.find("expected a reason in one line, of at most 200 bytes") != std::string::npos);
  }
}
