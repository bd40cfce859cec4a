#include "replay/experiment_session.hpp"

#include <doctest/doctest.h>

#include "tiny_scenario.hpp"

using namespace leakgate;

namespace {

Scenario onceScenario() {
  Scenario scenario = tinyScenario("once");
  scenario.target.metrics = "";
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
