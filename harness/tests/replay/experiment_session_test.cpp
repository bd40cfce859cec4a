#include "replay/experiment_session.hpp"

#include <doctest/doctest.h>

#include "scenario/check.hpp"

using namespace leakgate;

namespace {

Scenario onceScenario() {
  Scenario scenario;
  scenario.name = "tiny";
  scenario.file = "tiny.json";
  scenario.target = {{TINY_TARGET, "{port}", "once"}, "/health", {}, ""};
  scenario.load.connections = 2;
  scenario.steps.resize(1);
  scenario.steps[0].name = "post";
  scenario.steps[0].method = "POST";
  scenario.steps[0].body = "b{i}";
  scenario.steps[0].expect = Expect{{200}, "b{i}"};
  checkScenario(scenario);
  return scenario;
}

}  // namespace

TEST_CASE("an experiment after one that ran out of time sends new keys") {
  ReplayOptions options;
  options.depth = Depth::none;
  SilentProgress progress;
  ExperimentSession session(options, progress);
  const Scenario scenario = onceScenario();
  CHECK_THROWS_AS(session.run(scenario, {8, {8}}, "stuck", std::chrono::milliseconds(0)), ExperimentTimeout);
  const RunRecord record = session.run(scenario, {4, {8, 8}}, "again", std::chrono::minutes(1));
  CHECK(session.starts() == 1);
  REQUIRE(record.checkpoints.size() == 3);
  for (const Checkpoint& checkpoint : record.checkpoints) CHECK(checkpoint.block.unexpected == 0);
}
