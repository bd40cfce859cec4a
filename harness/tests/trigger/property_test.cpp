// inference.cpp, conditions.cpp, contradictions.cpp, counts.cpp and probe.cpp.
// Servers with a known condition, drawn by seed: what is concluded must hold in the table, and may be weaker
// than the truth, but never another condition.
#include <doctest/doctest.h>

#include <algorithm>

#include "simulated_server.hpp"

using namespace leakgate;

namespace {

enum class Truth {
  any,
  step,
  pipelined,
  concurrent,
  later,
  third,
  field,
  http10,
  connection,
  whole404,
  slow,
  post,
  second
};
constexpr int kTruths = 13;

struct Drawn {
  Scenario scenario;
  LeakOf leak;
  Truth truth = Truth::any;
  double probability = 1;
};

bool holds(Truth truth, const SeenRequest& seen) {
  switch (truth) {
    case Truth::any:
      return isWhole(seen);
    case Truth::step:
      return isWhole(seen) && seen.sent.path == "/s0";
    case Truth::pipelined:
      return isWhole(seen) && seen.pipelined;
    case Truth::concurrent:
      return isWhole(seen) && seen.concurrent;
    case Truth::later:
      return isWhole(seen) && seen.nth > 1;
    case Truth::third:
      return isWhole(seen) && seen.nth > 2;
    case Truth::field:
      return isWhole(seen) && std::any_of(seen.sent.headers.begin(), seen.sent.headers.end(),
                                          [](const auto& field) { return field.first == "x-b"; });
    case Truth::http10:
      return isWhole(seen) && seen.sent.version == "1.0";
    case Truth::connection:
      return seen.nth == 1;
    case Truth::whole404:
      return isWhole(seen) && statusOf(seen.sent) == 404;
    case Truth::slow:
      return seen.sent.slowReadMs != 0;
    case Truth::second:
      return isWhole(seen) && seen.nth == 2;
    case Truth::post:
      return isWhole(seen) && !seen.sent.body.empty();
  }
  return false;
}

Drawn draw(std::uint32_t seed) {
  std::mt19937 random(seed);
  const auto upTo = [&](unsigned n) { return std::uniform_int_distribution<unsigned>(0, n - 1)(random); };
  Drawn drawn;
  drawn.truth = static_cast<Truth>(seed % kTruths);
  constexpr double kProbabilities[] = {1, 1, 0.5, 0.1};
  drawn.probability = kProbabilities[upTo(4)];
  std::vector<Step> steps;
  for (unsigned k = 0; k <= upTo(4); ++k) {
    Step step = plainStep("s" + std::to_string(k));
    if (upTo(3) == 0) step.headers = {{"x-a", "1"}, {"x-b", "2"}, {"x-c", "3"}};
    if (upTo(4) == 0) step.version = "1.0";
    if (upTo(4) == 0) step.headers.emplace_back("Connection", "close");
    if (upTo(4) == 0) step.path = "/missing";
    if (upTo(5) == 0) step.slowReadMs = 5;
    if (upTo(3) == 0) step.method = "POST", step.body = "0123456789";
    steps.push_back(step);
  }
  drawn.scenario = scenarioOf(steps);
  drawn.scenario.load.connections = 1 + 3 * upTo(2);
  drawn.scenario.load.keepAlive = upTo(4) != 0;
  if (drawn.scenario.load.keepAlive) drawn.scenario.load.pipeline = 1 + 3 * upTo(2);
  constexpr unsigned kLimits[] = {0, 0, 2, 3, 5};
  if (drawn.scenario.load.keepAlive) drawn.scenario.load.requestsPerConnection = kLimits[upTo(5)];
  checkScenario(drawn.scenario);
  drawn.leak = [truth = drawn.truth, p = drawn.probability](const SeenRequest& seen) {
    return holds(truth, seen) ? p : 0.0;
  };
  return drawn;
}

// Conditions that a server of this truth can show.
bool isTrue(ConditionKind kind, Truth truth) {
  switch (kind) {
    case ConditionKind::concurrent:
      return truth == Truth::concurrent;
    case ConditionKind::pipelined:
      return truth == Truth::pipelined;
    case ConditionKind::overlapping:
    case ConditionKind::perConnection:
      return false;
    case ConditionKind::laterRequests:
      return truth == Truth::later;
    case ConditionKind::afterSecond:
      return truth == Truth::third;
    case ConditionKind::notFirst:
      return truth == Truth::later || truth == Truth::second;
    case ConditionKind::secondOnly:
      return truth == Truth::second;
    case ConditionKind::readSlowly:
    case ConditionKind::moreSlowly:
      return truth == Truth::slow;
    case ConditionKind::withField:
      return truth == Truth::field;
  }
  return false;
}

bool isTrue(TriggerEvent event, const Drawn& drawn, const TriggerInference& claims) {
  const Truth truth = drawn.truth;
  switch (event) {
    case TriggerEvent::anyRequest:
      // Of a few by chance it cannot be told that they come with the connections.
      if (truth == Truth::connection && drawn.probability < 1) return true;
      return truth == Truth::any || truth == Truth::pipelined || truth == Truth::concurrent ||
             truth == Truth::later || truth == Truth::third || truth == Truth::field ||
             truth == Truth::slow || truth == Truth::second;
    case TriggerEvent::secondRequest:
      return truth == Truth::second;
    case TriggerEvent::connection:
    case TriggerEvent::closing:
      return truth == Truth::connection;
    case TriggerEvent::http10:
      return truth == Truth::http10;
    case TriggerEvent::status:
      return truth == Truth::whole404 || !claims.steps.empty();
    case TriggerEvent::field:
      return truth == Truth::field;
    case TriggerEvent::thread:
    case TriggerEvent::abort:
    case TriggerEvent::malformed:
      return false;
    default:
      return true;  // no more than what the steps alone show
  }
}

}  // namespace

TEST_CASE("conclusions hold in the table, and claim no other condition than the server's") {
  unsigned concluded = 0, exact = 0;
  for (std::uint32_t seed = 1; seed <= 1'200; ++seed) {
    const Drawn drawn = draw(seed);
    const SimulatedServer server(drawn.scenario, drawn.leak, seed, drawn.probability);
    const TriggerInference claims = server.infer();
    INFO("seed " << seed << ", truth " << static_cast<int>(drawn.truth) << ": " << server.conclude().text);
    CHECK(server.contradictions() == std::vector<std::string>{});
    for (const auto& condition : claims.conditions) CHECK(isTrue(condition.kind, drawn.truth));
    CHECK(isTrue(claims.event, drawn, claims));
    CHECK(claims.amounts.empty());  // each of the steps that grow does so by the same amount
    if (claims.cameBack != CameBack::alone) continue;
    ++concluded;
    exact += claims.conditions.empty() ? 0U : 1U;
  }
  CHECK(concluded > 400);
  CHECK(exact > 100);
}

TEST_CASE("experiments that are missing make conclusions weaker, not wrong") {
  for (std::uint32_t seed = 1; seed <= 600; ++seed) {
    const Drawn drawn = draw(seed);
    SimulatedServer server(drawn.scenario, drawn.leak, seed, drawn.probability);
    std::mt19937 random(seed);
    for (auto& e : server.experiments()) {
      if (e.variation == Variation::none || random() % 3 != 0) continue;
      e.problem = "it took too long";
      e.growth.clear();
    }
    const TriggerInference claims = server.infer();
    INFO("seed " << seed << ", truth " << static_cast<int>(drawn.truth) << ": " << server.conclude().text);
    CHECK(server.contradictions() == std::vector<std::string>{});
    for (const auto& condition : claims.conditions) CHECK(isTrue(condition.kind, drawn.truth));
  }
}
