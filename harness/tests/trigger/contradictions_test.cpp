#include "trigger/contradictions.hpp"

#include <doctest/doctest.h>

#include "simulated_server.hpp"

using namespace leakgate;

TEST_CASE("claims that the table does not bear out are found") {
  SimulatedServer server(scenarioOf({plainStep("page")}),
                         [](const SeenRequest& seen) { return isWhole(seen) ? 1.0 : 0.0; });
  TriggerInference claims = server.infer();
  const TriggerExperiment* subject = claims.subject;
  const auto* closing = server.find("page, a connection per request");
  REQUIRE(closing != nullptr);
  claims.conditions = {{ConditionKind::laterRequests, "", closing, subject, closing}};
  CHECK(contradictions(server.table(), claims).size() == 1);
  claims.conditions.clear();
  claims.blocksPerEvent = 3;  // three where the table has one
  CHECK(contradictions(server.table(), claims).size() == 5);
  claims.blocksPerEvent = 1;
  claims.exceptions = {closing};
  CHECK(contradictions(server.table(), claims).size() == 1);
  claims.exceptions.clear();
  for (auto& e : server.experiments()) {
    if (e.variation == Variation::missingPath) e.growth[0].blocks = {0, 0, 0, 0};
  }
  CHECK(contradictions(server.table(), claims).size() == 1);  // whatever it asks for
  for (auto& e : server.experiments()) {
    if (e.variation == Variation::connectionPerRequest) e.growth[0].blocks = {0, 0, 0, 0};
  }
  CHECK(contradictions(server.table(), claims).size() == 2);
}
