#include <doctest/doctest.h>

#include <functional>

#include "cli/gate_summary.hpp"
#include "command_run.hpp"
#include "report/atomic_file.hpp"

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
