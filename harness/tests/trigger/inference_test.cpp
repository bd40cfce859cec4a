// Tables of experiments in, what the growth follows out.
#include <doctest/doctest.h>

#include <algorithm>

#include "simulated_server.hpp"

using namespace leakgate;

namespace {

Step withBody(Step step) {
  step.method = "POST";
  step.body = "0123456789";
  return step;
}

Step leaving(Step step, AbortPoint point) {
  step = withBody(step);
  step.abort = point;
  step.expect.reset();
  return step;
}

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

TEST_CASE("per request of the steps that grow alone") {
  const SimulatedServer one(
      scenarioOf({plainStep("a"), plainStep("b"), plainStep("c")}),
      [](const SeenRequest& seen) { return isWhole(seen) && seen.sent.path == "/b" ? 1.0 : 0.0; });
  CHECK(one.conclude().event == "request of step b");
  CHECK(one.conclude(Follows::request, "b").agrees);
  CHECK_FALSE(one.conclude(Follows::connection).agrees);
  CHECK(one.conclude(Follows::request, "b").text ==
        "per request of step b: +1.000 blocks, +40 B (400 of them, exact); the mixed run agrees: request of "
        "step "
        "b");

  // Three steps at one site: the mixed run can only say "request".
  const SimulatedServer three(
      scenarioOf({plainStep("a"), plainStep("b"), plainStep("c"), plainStep("d")}),
      [](const SeenRequest& seen) {
        return isWhole(seen) && seen.sent.path != "/d" && seen.sent.path.size() == 2 ? 1.0 : 0.0;
      });
  CHECK(three.conclude().event == "request of steps a, b, c");

  const SimulatedServer all(scenarioOf({plainStep("a"), plainStep("b")}),
                            [](const SeenRequest& seen) { return isWhole(seen) ? 1.0 : 0.0; });
  CHECK(all.conclude().event == "request, whatever it asks for");
}

TEST_CASE("per connection, whether or not another step shows it") {
  Step closing = plainStep("closing");
  closing.headers = {{"Connection", "close"}};
  const auto perConnection = [](const SeenRequest& seen) { return seen.nth == 1 ? 1.0 : 0.0; };
  for (const auto& steps : {std::vector{plainStep("a"), closing}, std::vector{closing}}) {
    const SimulatedServer bench(scenarioOf(steps), perConnection);
    CHECK(toString(bench.conclude().follows) == "connection");
    CHECK(bench.conclude().event == "connection");
  }
  Scenario allClose = scenarioOf({plainStep("a"), plainStep("b")});
  allClose.load.keepAlive = false;
  CHECK(SimulatedServer(allClose, perConnection).conclude().event == "connection");
}

TEST_CASE("per HTTP/1.0 request, and not per connection that closes") {
  Step legacy = plainStep("legacy");
  legacy.version = "1.0";
  const auto leak = [](const SeenRequest& seen) {
    return isWhole(seen) && seen.sent.version == "1.0" ? 1.0 : 0.0;
  };
  CHECK(SimulatedServer(scenarioOf({plainStep("a"), legacy}), leak).conclude().event == "HTTP/1.0 request");
  // Only on that path: the other step sent as HTTP/1.0 does not grow.
  const auto narrow = [](const SeenRequest& seen) {
    return seen.sent.version == "1.0" && seen.sent.path == "/legacy" ? 1.0 : 0.0;
  };
  CHECK(SimulatedServer(scenarioOf({plainStep("a"), legacy}), narrow).conclude().event ==
        "HTTP/1.0 request of step legacy");
}

TEST_CASE("per abort, and where the client must have left") {
  const auto at = [](std::initializer_list<AbortPoint> points) {
    return [leaks = std::vector<AbortPoint>(points)](const SeenRequest& seen) {
      return std::find(leaks.begin(), leaks.end(), seen.sent.abort) != leaks.end() && !isWhole(seen) ? 1.0
                                                                                                     : 0.0;
    };
  };
  const Scenario after =
      scenarioOf({withBody(plainStep("a")), leaving(plainStep("leave"), AbortPoint::afterHeaders)});
  const SimulatedServer bench(after, at({AbortPoint::afterHeaders, AbortPoint::midBody}));
  CHECK(toString(bench.conclude(Follows::disconnect, "leave").follows) == "disconnect");
  CHECK(bench.conclude().event == "abort after the headers");
  CHECK(bench.conclude(Follows::disconnect, "leave").agrees);
  const Scenario head =
      scenarioOf({withBody(plainStep("a")), leaving(plainStep("leave"), AbortPoint::midHeaders)});
  CHECK(SimulatedServer(head, at({AbortPoint::midHeaders})).conclude().event == "abort in the headers");
  CHECK(SimulatedServer(head, at({AbortPoint::midHeaders, AbortPoint::afterHeaders, AbortPoint::midBody}))
            .conclude()
            .event == "abort before the request is whole");
}

TEST_CASE("per error answer, per malformed request, per method") {
  const auto on404 = [](const SeenRequest& seen) {
    return isWhole(seen) && statusOf(seen.sent) == 404 ? 1.0 : 0.0;
  };
  CHECK(SimulatedServer(scenarioOf({plainStep("a"), plainStep("missing")}), on404).conclude().event ==
        "404 answer");
  // The step that happens to be answered 404, and no other path that is.
  const auto onStep = [](const SeenRequest& seen) {
    return isWhole(seen) && seen.sent.path == "/missing" ? 1.0 : 0.0;
  };
  CHECK(SimulatedServer(scenarioOf({plainStep("a"), plainStep("missing")}), onStep).conclude().event ==
        "request of step missing");

  Step garbage = plainStep("garbage");
  garbage.raw = "rubbish\r\n\r\n";
  const auto onRaw = [](const SeenRequest& seen) { return seen.sent.raw ? 1.0 : 0.0; };
  CHECK(SimulatedServer(scenarioOf({plainStep("a"), garbage}), onRaw).conclude().event ==
        "malformed request");

  Step options = plainStep("options");
  options.method = "OPTIONS";
  const auto onOptions = [](const SeenRequest& seen) { return seen.sent.method == "OPTIONS" ? 1.0 : 0.0; };
  CHECK(SimulatedServer(scenarioOf({plainStep("a"), options}), onOptions).conclude().event ==
        "OPTIONS request");
}

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
  CHECK(bench.find("b, read slowly") != nullptr);  // brought to the step that does not grow
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
  // A slow reader has a connection of its own: what follows connections says nothing of reading.
  const SimulatedServer connections(scenarioOf({plainStep("a")}),
                                    [](const SeenRequest& seen) { return seen.nth == 1 ? 1.0 : 0.05; });
  CHECK(connections.conclude().condition.empty());
}

TEST_CASE("only when read slowly, also where no other step could refute the connections") {
  Step slow = plainStep("a");
  slow.slowReadMs = 5;
  const SimulatedServer bench(scenarioOf({slow}),
                              [](const SeenRequest& seen) { return seen.sent.slowReadMs != 0 ? 1.0 : 0.0; });
  CHECK(toString(bench.conclude().follows) == "request");
  CHECK(bench.conclude().condition.starts_with("only when the client reads slowly ("));
}

TEST_CASE("what no step brings alone is the mix's, and what never comes back is said to be rare") {
  const auto mixOnly = [](const SeenRequest& seen) { return seen.mixed ? 1.0 : 0.0; };
  const auto mix = SimulatedServer(scenarioOf({plainStep("a"), plainStep("b")}), mixOnly).conclude();
  CHECK(mix.text == "it grows only when the steps are mixed: none of the 2 alone brings it");
  const auto never = SimulatedServer(scenarioOf({plainStep("a"), plainStep("b")}), [](const SeenRequest&) {
                       return 0.0;
                     }).conclude();
  CHECK(never.event.empty());
  CHECK(toString(never.follows) == "unknown");
  CHECK(
      never.text ==
      "it did not come back in 1200 requests of the steps alone, where the mixed run had 1.2e+03 in so many");
}

TEST_CASE("a first time is not growth") {
  // One block whatever is done first: below three units, and in one block of requests only.
  const SimulatedServer bench(scenarioOf({plainStep("a")}), [](const SeenRequest&) { return 0.0051; });
  CHECK(bench.conclude().event.empty());
  CHECK(bench.contradictions().empty());
}

TEST_CASE("an experiment that could not be run decides nothing") {
  const Scenario scenario = scenarioOf({plainStep("a")});
  TriggerExperiment failed;
  failed.step = 0;
  failed.problem = "the target ended";
  const Finding mixed;
  const Gauge gauge;
  CHECK(conclude(scenario, mixed, {failed}, 0, gauge).text == "no experiment could be run");
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

TEST_CASE("the first request of a connection only is the connection's") {
  Scenario closing = scenarioOf({plainStep("page"), plainStep("other")});
  closing.load.keepAlive = false;
  const auto first = [](const SeenRequest& seen) {
    return isWhole(seen) && seen.nth == 1 && seen.sent.path == "/page" ? 1.0 : 0.0;
  };
  const SimulatedServer server(closing, first);
  CHECK(toString(server.conclude().follows) == "connection");
  CHECK(server.conclude().event == "connection of step page");
  CHECK(server.contradictions() == std::vector<std::string>{});

  // What says Connection: close, and not what closes in silence.
  const auto saysClose = [](const SeenRequest& seen) {
    return isWhole(seen) && seen.ownConnection ? 1.0 : 0.0;
  };
  const SimulatedServer header(closing, saysClose);
  CHECK(header.conclude().event == "request with Connection: close");
  CHECK(header.contradictions() == std::vector<std::string>{});
}

TEST_CASE("only with a header field, by itself or with its step") {
  const std::vector<HeaderField> browser{{"accept", "text/html"}, {"accept-encoding", "gzip"}, {"dnt", "1"}};
  const auto anywhere = [](const SeenRequest& seen) {
    return isWhole(seen) && hasField(seen, "accept-encoding") ? 1.0 : 0.0;
  };
  const auto steps = {withFields(plainStep("page"), browser), plainStep("bare")};
  const SimulatedServer field(scenarioOf(steps), anywhere);
  CHECK(field.conclude().event == "request with the field accept-encoding");
  CHECK(field.conclude().condition ==
        "only with the field accept-encoding (0 in 400 without it, 400 in 400 with it)");
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

TEST_CASE("what stops is said, though nothing explains it") {
  const SimulatedServer server(scenarioOf({plainStep("a")}), [](const SeenRequest& seen) {
    return isWhole(seen) && seen.sent.version == "1.1" ? 1.0 : 0.0;
  });
  CHECK(server.conclude().condition == "not as HTTP/1.0 (0 in 400)");
  CHECK(server.contradictions() == std::vector<std::string>{});
}

TEST_CASE("whatever it asks for is not said where another method shows nothing") {
  const SimulatedServer server(scenarioOf({plainStep("a")}), [](const SeenRequest& seen) {
    return isWhole(seen) && seen.sent.method == "GET" ? 1.0 : 0.0;
  });
  CHECK(server.conclude().event == "request of step a");
}

TEST_CASE("a rise in one block alone is uneven, and does not mean that it stayed away") {
  const Scenario scenario = scenarioOf({plainStep("a"), plainStep("b")});
  std::vector<TriggerExperiment> experiments(2);
  for (std::size_t k = 0; k < 2; ++k) {
    experiments[k].step = k;
    experiments[k].requests = 400;
    experiments[k].work = {0, 100, 200, 400};
    experiments[k].growth = {{{0, 0, 0, k == 0 ? 400 : 0}, {0, 0, 0, 0}}};
  }
  Gauge gauge;
  gauge.perRequest = 1;
  const auto conclusion = conclude(scenario, Finding{}, experiments, 0, gauge);
  CHECK(
      conclusion.text ==
      "it came back unevenly, so that short experiments cannot tell: 400 in 400 requests of step a, but not "
      "in each block");
  const TriggerTable table(experiments, 0, gauge);
  CHECK(contradictions(table, infer(scenario, table)).empty());
}

TEST_CASE("claims that the table does not bear out are found") {
  SimulatedServer server(scenarioOf({plainStep("page")}), whole);
  TriggerInference claims = server.infer();
  const TriggerExperiment* subject = claims.subject;
  const auto* closing = server.find("page, a connection per request");
  REQUIRE(closing != nullptr);
  claims.conditions = {{ConditionKind::laterRequests, "", closing, subject, closing}};
  CHECK(contradictions(server.table(), claims).size() == 1);
  claims.conditions.clear();
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
