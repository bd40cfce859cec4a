#include "cli/curl_command.hpp"

#include <doctest/doctest.h>

using namespace leakgate;

namespace {

Scenario oneStep(const Step& step) {
  Scenario scenario;
  scenario.load.connections = 1;
  scenario.steps = {step};
  return scenario;
}

std::string curl(const Step& step) { return curlCommand(oneStep(step), 8080).value_or("-"); }

}  // namespace

TEST_CASE("what curl can say") {
  Step step;
  step.path = "/a?b=1&c=2";
  CHECK(curl(step) == "curl -s -o /dev/null 'http://127.0.0.1:8080/a?b=1&c=2'");
  step.version = "1.0";
  step.method = "HEAD";
  CHECK(curl(step) == "curl -s -o /dev/null -I --http1.0 'http://127.0.0.1:8080/a?b=1&c=2'");
  step = Step{};
  step.method = "POST";
  step.path = "/login";
  CHECK(curl(step) == "curl -s -o /dev/null -X POST http://127.0.0.1:8080/login");
  step.body = "it's";
  CHECK(curl(step) ==
        "curl -s -o /dev/null -H 'Content-Type:' --data-raw 'it'\\''s' http://127.0.0.1:8080/login");
  step.headers = {{"content-type", "text/plain"}};
  CHECK(
      curl(step) ==
      "curl -s -o /dev/null -H 'content-type: text/plain' --data-raw 'it'\\''s' http://127.0.0.1:8080/login");
  step = Step{};
  step.path = "/a/../b";
  CHECK(curl(step).find("--path-as-is") != std::string::npos);
  step.path = "/x/{{i}}";
  CHECK(curl(step) == "curl -s -o /dev/null --globoff http://127.0.0.1:8080/x/{i}");
  step.path = "/x/{fill:3}";
  CHECK(curl(step) == "curl -s -o /dev/null http://127.0.0.1:8080/x/xxx");
}

TEST_CASE("what curl cannot say") {
  const auto refused = [](const auto& change) {
    Scenario scenario = oneStep(Step{});
    change(scenario);
    return !curlCommand(scenario, 8080).has_value();
  };
  CHECK_FALSE(refused([](Scenario&) {}));
  CHECK(refused([](Scenario& s) { s.load.connections = 2; }));
  CHECK(refused([](Scenario& s) { s.steps.push_back(Step{}); }));
  CHECK(refused([](Scenario& s) { s.steps[0].raw = "x"; }));
  CHECK(refused([](Scenario& s) { s.steps[0].abort = AbortPoint::midBody; }));
  CHECK(refused([](Scenario& s) { s.steps[0].path = "/user/{i}"; }));
  CHECK(refused([](Scenario& s) { s.steps[0].headers = {{"X", "{rand:9}"}}; }));
  CHECK(refused([](Scenario& s) { s.steps[0].body = std::string("a\0b", 3); }));
}
