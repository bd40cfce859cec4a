#include <doctest/doctest.h>

#include <functional>

#include "cli/gate_summary.hpp"
#include "command_run.hpp"
#include "report/atomic_file.hpp"
#include "report/finding_text.hpp"
#include "report/sample_report.hpp"

using namespace leakgate;
using namespace leakgate::test;

namespace {

// The files of three jobs.
struct Jobs {
  Workspace workspace;
  std::vector<GateSummary> shards;

  Jobs() {
    for (unsigned index = 1; index <= 3; ++index) {
      GateSummary& shard = shards.emplace_back();
      shard.commit = "c0ffee";
      shard.planned = "0123456789abcdef";
      shard.shard = {index, 3};
      shard.seconds = index;
      shard.scenarios = {{"scenario_" + std::to_string(4 - index), Outcome::pass, std::nullopt, {}, {}, 1}};
    }
  }

  GateSummary& fail(std::size_t shard, Outcome outcome, const RedReason& reason) {
    shards[shard].outcome = outcome;
    shards[shard].exitCode = exitCodeOf(outcome);
    shards[shard].scenarios[0].outcome = outcome;
    shards[shard].scenarios[0].failures = {reason.what};
    shards[shard].reasons = {reason};
    return shards[shard];
  }

  std::string file(std::size_t shard) const {
    return workspace.file(std::to_string(shard) + ".json").string();
  }

  Printed merge(std::vector<std::string> options = {}) const {
    std::vector<std::string> arguments{"merge"};
    for (std::size_t i = 0; i < shards.size(); ++i) {
      writeAtomically(file(i), toText(shards[i]));
      arguments.push_back(file(i));
    }
    arguments.insert(arguments.end(), options.begin(), options.end());
    return printedBy(arguments);
  }
};

}  // namespace

TEST_CASE("shards become one gate: the worst verdict, all reasons ranked") {
  Jobs jobs;
  CHECK(jobs.merge().status == 0);
  CHECK(jobs.merge().text.find("PASS  3 of 3 scenarios passed; the slowest shard took 3 s") !=
        std::string::npos);
  jobs.fail(0, Outcome::fail,
            {RedKind::loosened, 0, "scenario_3", "LOOSENED  m: 1, was 0", "", "leakgate gate c"});
  jobs.fail(2, Outcome::fail,
            {RedKind::leak, 17, "scenario_1", "LEAK  login  +1.000 blocks", "", "leakgate run a"});
  const std::string whole = jobs.workspace.file("whole.json").string();
  const Printed printed = jobs.merge({"-o", whole});
  CHECK(printed.status == 1);
  CHECK(
      printed.text.find("RED  2 reasons in 2 scenarios, the worst first:\n 1 LEAK  login  +1.000 blocks\n") !=
      std::string::npos);
  const GateSummary read = readGateSummary(whole);
  CHECK(read.exitCode == 1);
  CHECK(read.shard.count == 1);
  REQUIRE(read.scenarios.size() == 3);
  CHECK(read.scenarios[0].name == "scenario_1");
  CHECK(jobs.merge({"--json"}).text.find("\"schema\": \"leakgate.gate/1\"") != std::string::npos);
}

TEST_CASE("what is no whole gate is no verdict, and is named") {
  struct Row {
    std::function<void(Jobs&)> change;
    std::string message;
  };
  const Row rows[] = {
      {[](Jobs& jobs) { jobs.shards.erase(jobs.shards.begin() + 1); }, "shard 2 of 3 is missing"},
      {[](Jobs& jobs) { jobs.shards[1] = jobs.shards[0]; }, "shard 1 of 3 is there twice"},
      {[](Jobs& jobs) { jobs.shards[2].commit = "decaf"; }, "of commit decaf: shards of different commits"},
      {[](Jobs& jobs) { jobs.shards[2].commit = ""; }, "outside of a checkout: shards of different commits"},
      {[](Jobs& jobs) { jobs.shards[2].shard.count = 4; }, "is one of 3 shards"},
      {[](Jobs& jobs) { jobs.shards[2].planned = "fedcba9876543210"; }, "different lists of scenarios"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.message);
    Jobs jobs;
    row.change(jobs);
    const Printed printed = jobs.merge();
    CAPTURE(printed.text);
    CHECK(printed.status == 3);
    CHECK(printed.text.find(row.message) != std::string::npos);
  }
  CHECK(leakgateMain({"merge", "no-such.json"}) == 2);
  CHECK(leakgateMain({"merge"}) == 2);
}

namespace {

// Each shard has measured one scenario, and a job has kept its report beside its file.
struct JobsWithReports : Jobs {
  JobsWithReports() {
    for (std::size_t i = 0; i < shards.size(); ++i) {
      ScenarioSummary& scenario = shards[i].scenarios[0];
      Report report = cleanReport();
      report.scenario.name = scenario.name;
      writeReport(workspace, "latest/" + scenario.name + ".json", report);
      scenario.report = "latest/" + scenario.name + ".json";
    }
  }

  Printed mergeAs(const std::string& format) const { return merge({"--format", format + "=" + written()}); }
  std::string written() const { return workspace.file("written").string(); }
};

}  // namespace

TEST_CASE("a merged gate is written in the formats of a whole one") {
  JobsWithReports jobs;
  Report leaky = leakyReport();
  leaky.scenario.name = "scenario_1";
  leaky.verdict.outcome = Outcome::fail;
  leaky.verdict.failures = {{leaky.findings[0].fingerprint, findingLine(leaky.findings[0])}};
  writeReport(jobs.workspace, "latest/scenario_1.json", leaky);
  jobs.fail(2, Outcome::fail, {RedKind::leak, 17, "scenario_1", "LEAK  login", "", "leakgate run a"});
  jobs.fail(1, Outcome::cannotMeasure,
            {RedKind::notMeasured, 0, "scenario_2", "it died", "", "leakgate gate"});
  jobs.shards[1].scenarios[0].report.reset();
  CHECK(jobs.mergeAs("junit").status == 3);
  const std::string xml = readWhole(jobs.written());
  CHECK(xml.find("tests=\"3\" failures=\"1\" errors=\"1\"") != std::string::npos);
  CHECK(xml.find("it died") != std::string::npos);
  CHECK(jobs.mergeAs("html").status == 3);
  CHECK(leakgateMain({"diff", jobs.written() + "#scenario_1", jobs.written() + "#scenario_1"}) == 0);
}

TEST_CASE("a report that is missing, or of another run, is not written under the gate's name") {
  JobsWithReports jobs;
  jobs.shards[1].scenarios[0].report = "latest/gone.json";
  CHECK(jobs.merge().status == 0);  // reports are not needed for a verdict
  const Printed missing = jobs.mergeAs("junit");
  CHECK(missing.status == 2);
  CHECK(missing.text.find(
            "1.json: scenarios.report: found latest/gone.json, which is not there, expected the report of "
            "scenario_2, for --format") != std::string::npos);
  jobs.shards[1].scenarios[0].report = "latest/scenario_2.json";
  for (auto& shard : jobs.shards) shard.commit = "decaf";
  const Printed other = jobs.mergeAs("junit");
  CHECK(other.status == 2);
  CHECK(other.text.find("found pass of commit c0ffee, expected pass of commit decaf, as ") !=
        std::string::npos);
}
