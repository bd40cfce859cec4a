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
  CHECK(accept({"--all", "--force"}) == 0);
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
