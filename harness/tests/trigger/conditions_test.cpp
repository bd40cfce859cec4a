#include "trigger/conditions.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "simulated_server.hpp"
#include "trigger/header_fields.hpp"

using namespace leakgate;

namespace {

Step withFields(Step step, std::vector<HeaderField> fields) {
  step.headers = std::move(fields);
  return step;
}

bool hasField(const SeenRequest& seen, const std::string& name) {
  return std::any_of(seen.sent.headers.begin(), seen.sent.headers.end(),
                     [&](const HeaderField& field) { return field.first == name; });
}

Scenario pipelining(Scenario scenario, unsigned connections) {
  scenario.load.pipeline = 4;
  scenario.load.connections = connections;
  checkScenario(scenario);
  return scenario;
}

double whole(const SeenRequest& seen) { return isWhole(seen) ? 1 : 0; }

}  // namespace

TEST_CASE("only when concurrent, with both counts") {
  const SimulatedServer bench(scenarioOf({plainStep("a")}), [](const SeenRequest& seen) {
    return isWhole(seen) && seen.concurrent ? 0.0925 : 0.0;
  });
  CHECK(bench.conclude().condition == "only when concurrent (0 in 400 alone, 37 in 400 with 4 connections)");
}

TEST_CASE("only when the client reads slowly, with both counts") {
  Step slow = plainStep("a");
  slow.slowReadMs = 5;
  const SimulatedServer bench(scenarioOf({plainStep("b"), slow}), [](const SeenRequest& seen) {
    return seen.sent.slowReadMs != 0 && seen.sent.path == "/a" ? 1.0 : 0.0;
  });
  const auto conclusion = bench.conclude(Follows::request, "a");
  CHECK(conclusion.event == "request of step a");
  CHECK(conclusion.condition ==
        "only when the client reads slowly (0 in 400 read at once, 400 in 400 read slowly)");
  CHECK(conclusion.text.find("exact), only when the client reads slowly (0 in 400") != std::string::npos);
  REQUIRE(bench.find("a, read at once") != nullptr);
  CHECK(bench.find("b, read slowly") != nullptr);  // given to the step that does not grow
}

TEST_CASE("more when the client reads slowly, where other clients meet it at times") {
  const SimulatedServer bench(scenarioOf({plainStep("a")}), [](const SeenRequest& seen) {
    if (!isWhole(seen) || seen.sent.path != "/a") return 0.0;
    return seen.sent.slowReadMs != 0 ? 1.0 : 0.05;
  });
  CHECK(bench.conclude().condition ==
        "more when the client reads slowly (20 in 400 read at once, 400 in 400 read slowly)");
  const SimulatedServer same(scenarioOf({plainStep("a")}), [](const SeenRequest& seen) {
    return isWhole(seen) && seen.sent.path == "/a" ? 1.0 : 0.0;
  });
  CHECK(same.conclude().condition.empty());
  // A slow reader has its own connection: growth that follows connections shows nothing about reading.
  const SimulatedServer connections(scenarioOf({plainStep("a")}),
                                    [](const SeenRequest& seen) { return seen.nth == 1 ? 1.0 : 0.05; });
  CHECK(connections.conclude().condition ==
        "and +0.950 blocks, +38 B with each connection that is opened (20 in 400 over 0 connections, 400 in "
        "400 over 400)");
}

TEST_CASE("only when read slowly, also where no other step could refute the connections") {
  Step slow = plainStep("a");
  slow.slowReadMs = 5;
  const SimulatedServer bench(scenarioOf({slow}),
                              [](const SeenRequest& seen) { return seen.sent.slowReadMs != 0 ? 1.0 : 0.0; });
  CHECK(toString(bench.conclude().follows) == "request");
  CHECK(bench.conclude().condition.starts_with("only when the client reads slowly ("));
}

TEST_CASE("only when pipelined, over one connection and over several, and not only when concurrent") {
  const auto leak = [](const SeenRequest& seen) { return isWhole(seen) && seen.pipelined ? 1.0 : 0.0; };
  for (const unsigned connections : {1U, 8U}) {
    CAPTURE(connections);
    const SimulatedServer server(pipelining(scenarioOf({plainStep("a"), plainStep("b")}), connections), leak);
    CHECK(server.conclude().condition ==
          "only when pipelined (0 in 400 with one request in flight, 300 in 400 with 4)");
    CHECK(server.conclude().event == "request, whatever it asks for");
    CHECK(server.contradictions() == std::vector<std::string>{});
  }
}

TEST_CASE("several connections or pipelining: overlapping requests") {
  const SimulatedServer server(pipelining(scenarioOf({plainStep("a")}), 8), [](const SeenRequest& seen) {
    return isWhole(seen) && (seen.pipelined || seen.concurrent) ? 1.0 : 0.0;
  });
  CHECK(server.conclude().condition ==
        "only when requests overlap (0 in 400 one at a time, 400 in 400 with 8 connections, 4 in flight on "
        "each)");
  CHECK(server.contradictions() == std::vector<std::string>{});
}

TEST_CASE("from the second request of a connection on") {
  const auto later = [](const SeenRequest& seen) { return isWhole(seen) && seen.nth > 1 ? 1.0 : 0.0; };
  const SimulatedServer server(scenarioOf({plainStep("page")}), later);
  CHECK(server.conclude().event == "request, whatever it asks for");
  CHECK(server.conclude().condition ==
        "only from the second request of a connection on (0 in 400 with one request a connection, 200 in 400 "
        "with two, 400 in 400 kept open)");
  CHECK(server.contradictions() == std::vector<std::string>{});

  const auto third = [](const SeenRequest& seen) { return isWhole(seen) && seen.nth > 2 ? 1.0 : 0.0; };
  CHECK(SimulatedServer(scenarioOf({plainStep("page")}), third).conclude().condition ==
        "only after the second request of a connection (0 in 400 with two requests a connection, 400 in 400 "
        "kept open)");
}

TEST_CASE("only with a header field, by itself or with its step") {
  const std::vector<HeaderField> browser{{"accept", "text/html"}, {"accept-encoding", "gzip"}, {"dnt", "1"}};
  const auto anywhere = [](const SeenRequest& seen) {
    return isWhole(seen) && hasField(seen, "accept-encoding") ? 1.0 : 0.0;
  };
  const auto steps = {withFields(plainStep("page"), browser), plainStep("bare")};
  const SimulatedServer field(scenarioOf(steps), anywhere);
  CHECK(field.conclude().event == "request with the field accept-encoding");
  CHECK(field.conclude().condition == "not without it (0 in 400)");
  CHECK(field.contradictions() == std::vector<std::string>{});
  CHECK(field.find("page, without dnt") != nullptr);
  CHECK(field.find("bare, with accept-encoding") != nullptr);

  const auto here = [&](const SeenRequest& seen) { return seen.step == "page" ? anywhere(seen) : 0.0; };
  const SimulatedServer both(scenarioOf(steps), here);
  CHECK(both.conclude().event == "request of step page");
  CHECK(both.conclude().condition.starts_with("only with the field accept-encoding ("));
  CHECK(both.contradictions() == std::vector<std::string>{});

  const SimulatedServer neither(scenarioOf(steps), whole);
  CHECK(neither.conclude().condition.empty());
  CHECK(neither.find("page, without dnt") == nullptr);  // all of them made no difference
}

TEST_CASE("experiments without growth are listed, although nothing explains them") {
  const SimulatedServer server(scenarioOf({plainStep("a")}), [](const SeenRequest& seen) {
    return isWhole(seen) && seen.sent.version == "1.1" ? 1.0 : 0.0;
  });
  CHECK(server.conclude().condition == "not as HTTP/1.0 (0 in 400)");
  CHECK(server.contradictions() == std::vector<std::string>{});
}

TEST_CASE("the second request of a connection, and no later one") {
  const auto second = [](const SeenRequest& seen) { return isWhole(seen) && seen.nth == 2 ? 1.0 : 0.0; };
  const auto with = [&](unsigned limit, const LeakOf& leak) {
    Scenario scenario = scenarioOf({plainStep("page")});
    scenario.load.requestsPerConnection = limit;
    checkScenario(scenario);
    return SimulatedServer(scenario, leak);
  };
  const SimulatedServer five = with(5, second);
  CHECK(five.conclude().text.starts_with(
      "per second request of a connection: +1.000 blocks, +40 B (80 of them, exact), not with one request a "
      "connection (0 in 400), and no more with later ones (200 in 400 over 200 connections, 80 in 400 over "
      "80); "));
  CHECK(five.contradictions() == std::vector<std::string>{});
  TriggerInference claims = five.infer();
  claims.blocksPerEvent = 3;
  CHECK(contradictions(five.table(), claims).size() == 2);
  // Of connections with two requests it cannot be told from the later ones.
  const SimulatedServer two = with(2, second);
  CHECK(two.conclude().condition ==
        "not in the first request of a connection (0 in 400 with one request a connection, 200 in 400 with "
        "two)");
  CHECK(two.contradictions() == std::vector<std::string>{});
  const auto later = [](const SeenRequest& seen) { return isWhole(seen) && seen.nth >= 2 ? 1.0 : 0.0; };
  CHECK(with(5, later).conclude().condition ==
        "only from the second request of a connection on (0 in 400 with one request a connection, 200 in 400 "
        "with two, 320 in 400 with more)");
}

TEST_CASE("no condition is read from what expires during the experiments") {
  const auto concludedWith = [](Variation variation, const Series& units) {
    SimulatedServer server(scenarioOf({plainStep("page"), plainStep("doc")}), [](const SeenRequest& seen) {
      return isWhole(seen) && seen.sent.path == "/doc" ? 1.0 : 0.0;
    });
    for (auto& e : server.experiments()) {
      if (e.step == 1 && e.variation == variation) e.growth[0].blocks = units;
    }
    CHECK(server.contradictions() == std::vector<std::string>{});
    return server.conclude();
  };
  for (const Variation variation :
       {Variation::oneConnection, Variation::connectionPerRequest, Variation::oneRequest,
        Variation::twoRequests, Variation::http10, Variation::head, Variation::slowRead}) {
    CAPTURE(titleOf(variation));
    for (const Series& units : {Series{0, -40, -80, -13}, Series{0, 100, 200, -203}, Series{0, 100, -50, 82}})
      CHECK(concludedWith(variation, units).condition == "");
  }
  CHECK(
      concludedWith(Variation::oneConnection, {0, 0, 0, 0}).condition.starts_with("only when concurrent ("));
}

TEST_CASE("steps alone in which blocks of earlier ones are freed deny nothing") {
  SimulatedServer server(scenarioOf({plainStep("page"), plainStep("doc")}),
                         [](const SeenRequest&) { return 0.0; });
  CHECK(toString(server.conclude().follows) == "unknown");
  CHECK(server.infer().cameBack == CameBack::no);
  for (auto& e : server.experiments()) {
    if (e.step == 1) e.growth[0].blocks = {0, -10, -20, -40};
  }
  CHECK(server.infer().cameBack == CameBack::unasked);
  CHECK(server.conclude().text.find("did not come back") == std::string::npos);
}
