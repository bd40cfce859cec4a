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

TEST_CASE("what falls shows no absence, by table") {
  struct Row {
    std::string name;
    Series units;        ///< of requests with their own connection
    std::int64_t other;  ///< freed in another experiment
    bool absent;
  };
  for (const Row& row : {
           Row{"nothing", {0, 0, 0, 0}, 0, true},
           Row{"a first time", {0, 1, 1, 1}, 0, true},
           Row{"up and down by one", {0, 1, 0, 1}, 0, true},
           Row{"fewer at the end", {0, -100, -203, -406}, 0, false},
           Row{"one fewer at the end", {0, 0, 0, -1}, 0, false},
           Row{"a fall in the middle", {0, 100, -100, 4}, 0, false},
           Row{"nothing, where something fell elsewhere", {0, 0, 0, 0}, 3, true},
           Row{"a first time, where something fell elsewhere", {0, 1, 1, 1}, 3, false},
           Row{"a first time, where two fell elsewhere", {0, 1, 1, 1}, 2, true},
       }) {
    CAPTURE(row.name);
    SimulatedServer server(scenarioOf({plainStep("page")}),
                           [](const SeenRequest& seen) { return isWhole(seen) ? 1.0 : 0.0; });
    const TriggerExperiment* changed = nullptr;
    for (auto& e : server.experiments()) {
      const bool own = e.variation == Variation::connectionPerRequest;
      if (own) e.growth[0].blocks = row.units;
      if (e.variation == Variation::twoRequests) e.growth[0].blocks = {0, 100, 100 - row.other, 300};
      if (own) changed = &e;
    }
    REQUIRE(changed != nullptr);
    CHECK((server.table().presence(*changed, {1, true}) == Presence::absent) == row.absent);
    CHECK(server.contradictions() == std::vector<std::string>{});
    TriggerInference claims = server.infer();
    CHECK(claims.exceptions.empty() == !row.absent);
    claims.exceptions = {changed};
    CHECK(contradictions(server.table(), claims).empty() == row.absent);
  }
}
