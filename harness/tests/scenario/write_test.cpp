#include "scenario/write.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "full_scenario.hpp"
#include "scenario/load.hpp"

using namespace leakgate;
using namespace leakgate::test;

TEST_CASE("writing and reading give an equal scenario, one line per step") {
  const Scenario s = parseScenario(kFull, "s.json");
  std::ostringstream out;
  writeScenario(out, s);
  const Scenario again = parseScenario(out.str(), "s.json");
  CHECK(again.steps == s.steps);
  CHECK(again.load == s.load);
  CHECK(again.target == s.target);
  CHECK(again.budgets == s.budgets);
  CHECK(again.description == s.description);
  CHECK(again.hash == s.hash);
  CHECK(out.str().find("\n    {\"name\":\"left\",\"path\":\"/x\",\"abort\":\"before_response\"},\n") !=
        std::string::npos);
}

TEST_CASE("the hash stands for what is replayed") {
  const std::string hash = parseScenario(kFull, "s.json").hash;
  CHECK(parseScenario(changed("/description", "\"other\""), "else.json").hash == hash);
  CHECK(parseScenario(changed("/budgets", "remove"), "s.json").hash == hash);
  CHECK(parseScenario(changed("/steps/4/weight", "1"), "s.json").hash == hash);
  CHECK(parseScenario(changed("/load/seed", "8"), "s.json").hash != hash);
  CHECK(parseScenario(changed("/steps/0/path", "\"/other\""), "s.json").hash != hash);
  CHECK(parseScenario(changed("/target/env/A", "\"c\""), "s.json").hash != hash);
}
