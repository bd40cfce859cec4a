#include "trigger/plan.hpp"

#include <doctest/doctest.h>

#include "simulated_server.hpp"

using namespace leakgate;

TEST_CASE("experiments are as long as the rarest leak needs, within a bound") {
  Gauge often, rare, hardly;
  often.perRequest = 8;
  rare.perRequest = 0.001;
  hardly.perRequest = 1e-7;
  CHECK(blocksFor({often}) == std::vector<std::uint64_t>{100, 100, 200});
  CHECK(blocksFor({often, rare}) == std::vector<std::uint64_t>{2000, 2000, 4000});
  CHECK(blocksFor({hardly}) == std::vector<std::uint64_t>{4000, 4000, 8000});
  CHECK(blocksFor({hardly}, 40'000) == std::vector<std::uint64_t>{10'000, 10'000, 20'000});
  CHECK(isTooRare(hardly));
  CHECK_FALSE(isTooRare(rare));
  Gauge child = often, zombie = often;
  child.kind = FindingKind::process;
  zombie.kind = FindingKind::zombie;
  CHECK(blocksFor({rare, zombie}) == std::vector<std::uint64_t>{16, 16, 32});
  CHECK(blocksFor({zombie, child}) == std::vector<std::uint64_t>{8, 8, 16});
  CHECK(blocksFor({often, hardly}) == std::vector<std::uint64_t>{100, 100, 200});
}

TEST_CASE("of very many steps those that the findings name are tried first") {
  std::vector<Step> steps;
  for (int k = 0; k < 100; ++k) steps.push_back(plainStep("s" + std::to_string(k)));
  steps[70].weight = 50;
  const auto plan = planAlone(scenarioOf(steps), {"s99"});
  REQUIRE(plan.size() == kMaxStepsAlone);
  CHECK(plan[0].name == "s99");
  CHECK(plan[1].name == "s70");
}
