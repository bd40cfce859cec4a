// Delta debugging with an oracle that is a function.
#include "trigger/minimize.hpp"

#include <doctest/doctest.h>

#include "scenario/check.hpp"

using namespace leakgate;

namespace {

Step post(const std::string& name, const std::string& path, const std::string& body = "") {
  Step step;
  step.name = name;
  step.method = "POST";
  step.path = path;
  step.body = body;
  return step;
}

Scenario wholeScenarioOf(std::vector<Step> steps) {
  Scenario scenario;
  scenario.name = "whole";
  scenario.target.command = {"server", "{port}"};
  scenario.steps = std::move(steps);
  checkScenario(scenario);
  return scenario;
}

// Grows by one block of 100 bytes with each request of a step that `leaks`.
SlopeOracle blockPer(const std::function<bool(const Scenario&, const Step&)>& leaks) {
  return [leaks](const Scenario& scenario) -> std::optional<MeasuredSlope> {
    double weight = 0, leaking = 0;
    for (const Step& step : scenario.steps) {
      weight += step.weight;
      if (leaks(scenario, step)) leaking += step.weight;
    }
    const double share = leaking / weight;
    return MeasuredSlope{400, share, 100 * share, share > 0, true};
  };
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

const RunAllowance kAlways = [](unsigned) { return true; };

}  // namespace

TEST_CASE("one step, one header, one parameter and three bytes are left") {
  Step login = post("login", "/login?a=1&user={i}&b=2", R"({"user":"u{i}","x":"leak!","y":12})");
  login.headers = {{"Accept", "*/*"}, {"X-Leak", "yes"}, {"User-Agent", "me"}};
  login.weight = 3;
  const Scenario whole =
      wholeScenarioOf({post("a", "/a"), post("b", "/b"), login, post("c", "/c"), post("d", "/d")});
  const auto minimal = minimize(whole, false, blockPer([](const Scenario&, const Step& step) {
                                  const bool header =
                                      std::any_of(step.headers.begin(), step.headers.end(),
                                                  [](const auto& field) { return field.first == "X-Leak"; });
                                  return step.path.rfind("/login", 0) == 0 && header &&
                                         has(step.path, "user=") && has(step.body, "eak");
                                }),
                                kAlways);
  REQUIRE(minimal.has_value());
  REQUIRE(minimal->scenario.steps.size() == 1);
  const Step& step = minimal->scenario.steps[0];
  CHECK(step.path == "/login?user=0");
  CHECK(step.body == "eak");
  CHECK(step.headers == std::vector<std::pair<std::string, std::string>>{{"X-Leak", "yes"}});
  CHECK(step.method == "POST");
  CHECK(minimal->scenario.load.connections == 1);
  CHECK(minimal->slope.blocks == 1);
  CHECK_FALSE(minimal->exhausted);
}

TEST_CASE("what the growth needs stays: two steps, several connections, a numbered place") {
  const Scenario whole = wholeScenarioOf({post("open", "/open/{i}"), post("x", "/x"), post("use", "/use")});
  const auto pair = minimize(whole, false, blockPer([](const Scenario& scenario, const Step& step) {
                               return scenario.load.connections > 1 && scenario.steps.size() >= 2 &&
                                      scenario.steps[0].name == "open" &&
                                      has(scenario.steps[0].path, "{i}") && step.name == "use";
                             }),
                             kAlways);
  REQUIRE(pair.has_value());
  REQUIRE(pair->scenario.steps.size() == 2);
  CHECK(pair->scenario.steps[0].path == "/open/{i}");
  CHECK(pair->scenario.steps[1].name == "use");
  CHECK(pair->scenario.load.connections == whole.load.connections);
}

TEST_CASE("the steps that leak most are kept, whatever their share of the mix") {
  Step rare = post("rare", "/rare");
  Step often = post("often", "/often");
  often.weight = 99;
  const SlopeOracle oracle = [](const Scenario& scenario) -> std::optional<MeasuredSlope> {
    double weight = 0, blocks = 0;
    for (const Step& step : scenario.steps) {
      weight += step.weight;
      blocks += step.weight * (step.name == "rare" ? 8.0 : 0.0);
    }
    return MeasuredSlope{400, blocks / weight, 0, blocks > 0, true};
  };
  const auto minimal = minimize(wholeScenarioOf({often, rare}), false, oracle, kAlways);
  REQUIRE(minimal.has_value());
  REQUIRE(minimal->scenario.steps.size() == 1);
  CHECK(minimal->scenario.steps[0].name == "rare");
  CHECK(minimal->slope.blocks == 8);
}

TEST_CASE("how many requests of a connection it takes") {
  // Grows with the n-th request of a connection, or from it on.
  const auto requestsFor = [](unsigned n, bool on, unsigned limit) {
    Scenario whole = wholeScenarioOf({post("a", "/a")});
    whole.load.requestsPerConnection = limit;
    checkScenario(whole);
    const SlopeOracle oracle = [&](const Scenario& s) -> std::optional<MeasuredSlope> {
      const unsigned each = s.load.keepAlive ? s.load.requestsPerConnection : 1;
      double blocks = on || n == 0 ? 1 : 0;  // of connections that stay open
      if (each != 0) blocks = each < n ? 0 : on ? (each - n + 1) / double(each) : 1 / double(each);
      return MeasuredSlope{400, blocks, 40 * blocks, blocks > 0, true};
    };
    return minimize(whole, false, oracle, kAlways).value().requestsByHand;
  };
  CHECK(requestsFor(1, true, 0) == 1);
  CHECK(requestsFor(2, true, 0) == 2);
  CHECK(requestsFor(3, true, 0) == 3);
  CHECK(requestsFor(4, true, 0) == 0);
  CHECK(requestsFor(2, false, 2) == 2);
  CHECK(requestsFor(2, false, 5) == 2);

  Scenario closing = wholeScenarioOf({post("a", "/a")});
  closing.load.keepAlive = false;
  const auto onClose = blockPer([](const Scenario& s, const Step&) { return !s.load.keepAlive; });
  CHECK(minimize(closing, false, onClose, kAlways).value().requestsByHand == 1);
  // Two steps, or several connections, do not fit into one command line.
  const auto both = blockPer([](const Scenario& s, const Step&) { return s.steps.size() == 2; });
  CHECK(minimize(wholeScenarioOf({post("a", "/a"), post("b", "/b")}), false, both, kAlways)
            .value()
            .requestsByHand == 0);
}

TEST_CASE("the search ends with its allowance, and reports it") {
  const Scenario whole =
      wholeScenarioOf({post("a", "/a"), post("b", "/b"), post("c", "/c"), post("d", "/d")});
  const auto oracle = blockPer([](const Scenario&, const Step& step) { return step.name == "d"; });
  unsigned most = 0;
  const auto minimal = minimize(whole, false, oracle, [&](unsigned runs) {
    most = std::max(most, runs);
    return runs < 3;
  });
  REQUIRE(minimal.has_value());
  CHECK(minimal->exhausted);
  CHECK(minimal->runs == 3);
  CHECK(most == 3);
  CHECK(minimal->scenario.steps.size() >= 1);
}

TEST_CASE("a scenario that does not grow has no minimal one; a run that fails counts as none") {
  const Scenario whole = wholeScenarioOf({post("a", "/a"), post("b", "/b")});
  CHECK_FALSE(minimize(whole, false, blockPer([](const auto&, const auto&) { return false; }), kAlways));
  const auto minimal = minimize(
      whole, false,
      [](const Scenario& scenario) -> std::optional<MeasuredSlope> {
        if (scenario.steps.size() == 1) return std::nullopt;  // the target dies
        return MeasuredSlope{400, 1, 1, true, true};
      },
      kAlways);
  REQUIRE(minimal.has_value());
  CHECK(minimal->scenario.steps.size() == 2);
}

TEST_CASE("growth in bytes alone may get smaller with the body, but not vanish") {
  const Scenario whole = wholeScenarioOf({post("a", "/a", "0123456789")});
  const auto minimal = minimize(
      whole, true,
      [](const Scenario& scenario) -> std::optional<MeasuredSlope> {
        const auto bytes = static_cast<double>(scenario.steps[0].body.size());
        return MeasuredSlope{400, 0, bytes, bytes > 0, true};
      },
      kAlways);
  REQUIRE(minimal.has_value());
  CHECK(minimal->scenario.steps[0].body.size() == 1);
}
