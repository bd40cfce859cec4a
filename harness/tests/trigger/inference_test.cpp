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

TEST_CASE("per error response, per malformed request, per method") {
  const auto on404 = [](const SeenRequest& seen) {
    return isWhole(seen) && statusOf(seen.sent) == 404 ? 1.0 : 0.0;
  };
  CHECK(SimulatedServer(scenarioOf({plainStep("a"), plainStep("missing")}), on404).conclude().event ==
        "404 response");
  // The step whose response happens to be a 404, and no other path with a 404.
  const auto onStep = [](const SeenRequest& seen) {
    return isWhole(seen) && seen.sent.path == "/missing" ? 1.0 : 0.0;
  };
  CHECK(SimulatedServer(scenarioOf({plainStep("a"), plainStep("missing")}), onStep).conclude().event ==
        "request of step missing");

  // Of a method: others with a 404 do not grow.
  const auto onGet404 = [&](const SeenRequest& seen) {
    return seen.sent.method == "GET" ? on404(seen) : 0.0;
  };
  const SimulatedServer get(scenarioOf({plainStep("a"), plainStep("missing")}), onGet404);
  CHECK(get.conclude().event == "request of step missing");
  CHECK(get.contradictions() == std::vector<std::string>{});
  // Of a step: another one with the same status does not grow.
  Step gone = withBody(plainStep("gone"));
  gone.path = "/missing";
  const SimulatedServer post(scenarioOf({plainStep("a"), plainStep("missing"), gone}), onGet404);
  CHECK(post.conclude().event == "request of step missing");

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

TEST_CASE("growth of no step alone is the mix's, and growth that never comes back is called rare") {
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

  // Requests with Connection: close, not connections that close without it.
  const auto saysClose = [](const SeenRequest& seen) {
    return isWhole(seen) && seen.ownConnection ? 1.0 : 0.0;
  };
  const SimulatedServer header(closing, saysClose);
  CHECK(header.conclude().event == "request with Connection: close");
  CHECK(header.contradictions() == std::vector<std::string>{});
}

TEST_CASE("no claim about any request where another method shows nothing") {
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

TEST_CASE("each step's own amount, and none for all of them") {
  const auto byPath = [](double a, double b, double other) {
    return [=](const SeenRequest& seen) {
      if (!isWhole(seen)) return 0.0;
      return seen.sent.path == "/a" ? a : seen.sent.path == "/b" ? b : other;
    };
  };
  const Scenario scenario = scenarioOf({plainStep("a"), plainStep("b"), plainStep("c")});
  const SimulatedServer two(scenario, byPath(3, 1, 0));
  CHECK(two.conclude(Follows::request, "a, b").text ==
        "per request of steps a, b: +1.000 to +3.000 blocks, +40 B to +120 B (a +3.000, b +1.000; 800 of "
        "them, exact); the mixed run agrees: request of step a, b");
  CHECK(two.conclude().blocksPerEvent == 2);  // of both steps together
  CHECK(two.contradictions() == std::vector<std::string>{});

  const SimulatedServer every(scenario, byPath(3, 2, 2));
  CHECK(every.conclude().text.starts_with(
      "per request of every step: +2.000 to +3.000 blocks, +80 B to +120 B (a +3.000, b +2.000, c +2.000; "
      "1200 of them, exact)"));
  CHECK(every.contradictions() == std::vector<std::string>{});

  // By chance: the same in both, as far as can be seen.
  const SimulatedServer chance(scenario, byPath(0.5, 0.5, 0), 3, 0.5);
  CHECK(chance.infer().amounts.empty());
  CHECK(chance.conclude().events == 800);
  CHECK(chance.contradictions() == std::vector<std::string>{});

  // As many blocks, but larger ones.
  SimulatedServer larger(scenario, byPath(1, 1, 0));
  for (auto& e : larger.experiments()) {
    if (e.name == "b") e.growth[0].bytes = {0, 10'000, 20'000, 40'000};
  }
  CHECK(larger.conclude().text.starts_with(
      "per request of steps a, b: +1.000 blocks, +40 B to +100 B (a +40 B, b +100 B; 800 of them, exact)"));
}

TEST_CASE("what a connection adds to the amount of its requests") {
  Scenario scenario = scenarioOf({plainStep("a"), plainStep("n")});
  scenario.load.requestsPerConnection = 4;
  const SimulatedServer server(scenario, [](const SeenRequest& seen) {
    return (isWhole(seen) && seen.sent.path == "/a" ? 1.0 : 0.0) + (seen.nth == 1 ? 1.0 : 0.0);
  });
  CHECK(
      server.conclude().condition ==
      "and +1.000 blocks, +40 B with each connection that is opened (500 in 400 over 100 connections, 800 in "
      "400 over 400)");
  CHECK(server.conclude().text.starts_with(
      "per request of every step: +0.250 to +1.250 blocks, +10 B to +50 B (a +1.250, n +0.250; 800 of them"));
  CHECK(server.contradictions() == std::vector<std::string>{});

  // More, and not by as much for each.
  const SimulatedServer more(scenarioOf({plainStep("a")}), [](const SeenRequest& seen) {
    return !isWhole(seen) ? 0.0 : seen.ownConnection ? 3.0 : 1.0;
  });
  CHECK(more.conclude().condition == "more with Connection: close (1200 in 400)");
  CHECK(more.contradictions() == std::vector<std::string>{});
}

TEST_CASE("the number of steps is given where not every step could be run alone") {
  const auto experiment = [](std::size_t step, std::int64_t rise) {
    TriggerExperiment e;
    e.step = step;
    e.requests = 400;
    e.work = {0, 100, 200, 400};
    e.growth = {{{0, rise / 4, rise / 2, rise}, {0, 0, 0, 0}}};
    return e;
  };
  TriggerExperiment failed;
  failed.step = 0;
  failed.problem = "it took too long";
  Gauge gauge;
  gauge.perRequest = 0.5;
  const auto text = [&](const std::vector<TriggerExperiment>& experiments) {
    return conclude(scenarioOf({plainStep("a"), plainStep("b")}), Finding{}, experiments, 0, gauge).text;
  };
  CHECK(text({failed, experiment(kAllSteps, 188)}) ==
        "no step could be run alone; all steps together bring it (188 in 400 requests)");
  CHECK(text({failed, experiment(kAllSteps, 0)}) ==
        "no step could be run alone; all steps together do not bring it (0 in 400 requests)");
  // The time ended before b.
  CHECK(
      text({experiment(0, 0), experiment(kAllSteps, 188)}) ==
      "short experiments cannot tell: of 2 steps only 1 could be run alone, and none of them brings it; all "
      "steps together bring it (188 in 400 requests)");
  CHECK(text({experiment(0, 0), experiment(1, 0), experiment(kAllSteps, 188)}) ==
        "it grows only when the steps are mixed: none of the 2 alone brings it");
}

TEST_CASE("exact is whole units per request, or one in so many") {
  const Work work{0, 100, 200, 400};
  CHECK(isExactShare({0, 100, 200, 400}, work, 1));
  CHECK(isExactShare({0, 300, 600, 1200}, work, 1));
  CHECK(isExactShare({0, 125, 250, 500}, work, 1));
  CHECK(isExactShare({0, 14, 28, 57}, work, 1));  // every 7th
  CHECK(isExactShare({0, 3, 6, 13}, work, 1));    // every 30th
  CHECK(isExactShare({0, 6400, 12'800, 25'600}, work, 64));
  CHECK_FALSE(isExactShare({0, 99, 198, 397}, work, 1));
  CHECK_FALSE(isExactShare({0, 99, 199, 398}, work, 1));
  CHECK_FALSE(isExactShare({0, 100, 200, 300}, work, 1));
  const SimulatedServer nearly(scenarioOf({plainStep("a")}), [](const SeenRequest& seen) {
    return isWhole(seen) && seen.concurrent ? 0.9925 : 0.0;
  });
  CHECK(nearly.conclude().text.starts_with(
      "per request, whatever it asks for: +0.993 blocks, +39.7 B (400 of them), only when concurrent (0 in "
      "400 alone, 397 in 400 with 4 connections)"));
}
