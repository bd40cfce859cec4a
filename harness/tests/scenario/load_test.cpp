#include "scenario/load.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "full_scenario.hpp"
#include "scenario/check.hpp"
#include "scenario/write.hpp"

using namespace leakgate;
using namespace leakgate::test;

TEST_CASE("every field arrives") {
  const Scenario s = parseScenario(kFull, "s.json");
  CHECK(s.name == "context_churn");
  CHECK(s.description == "all fields");
  CHECK(s.target == TargetSpec{{"{bin}/h3-demo", "--port", "{port}"}, "/health", {{"A", "b"}}, "/m"});
  CHECK(s.load == LoadSpec{4, true, 2, 0, 16, 80, 7, StepOrder::weighted});
  REQUIRE(s.steps.size() == 6);
  CHECK(s.steps[0].weight == 3);
  CHECK(s.steps[0].method == "POST");
  CHECK(s.steps[0].path == "/login?i={i}");
  CHECK(s.steps[0].headers == decltype(Step::headers){{"z-last", "1"}, {"a-first", "2"}});
  CHECK(s.steps[0].body == R"({"user":"u{i}"})");
  CHECK(s.steps[0].version == "1.0");
  CHECK(s.steps[0].expect == Expect{{200, 404}, "ok {i}"});
  CHECK(s.steps[1].abort == AbortPoint::midHeaders);
  CHECK(s.steps[1].stallMs == 20);
  CHECK(s.steps[1].slowReadMs == 0);
  CHECK(s.steps[5].slowReadMs == 30);
  CHECK(s.steps[1].expect == Expect{{408}});
  CHECK(s.steps[2].abort == AbortPoint::beforeResponse);
  CHECK_FALSE(s.steps[2].expect.has_value());
  CHECK(s.steps[3].raw == "GET /\xe4 HTTP/1.1\r\n\r\n");
  CHECK(s.steps[3].expect == Expect{{}, std::nullopt, 500});
  CHECK_FALSE(s.steps[4].expect.has_value());
  CHECK(s.budgets.at("live_bytes_per_request") == Budget{0, 0});
  CHECK(s.budgets.at("allocations_per_request") == Budget{std::nullopt, 0.5});
  CHECK(s.budgets.at("pool.reuse") == Budget{0.9999, std::nullopt});
  CHECK(s.file == "s.json");
  CHECK(s.hash.size() == 16);
}

TEST_CASE("the time for a cool-down and how far growth is followed are written only when they were given") {
  const auto parse = [](const std::string& load) {
    return parseScenario(
        R"({"schema":"leakgate.scenario/1","name":"n","target":{"command":["x","{port}"]},"load":{)" + load +
            R"(},"steps":[{"name":"a"}]})",
        "f");
  };
  const Scenario plain = parse("");
  CHECK_FALSE(plain.load.coolDownMs.has_value());
  CHECK_FALSE(toJson(plain)["load"].contains("cool_down_ms"));
  CHECK_FALSE(toJson(plain)["load"].contains("follow_requests"));
  const Scenario given = parse(R"("cool_down_ms":0,"follow_requests":32000)");
  CHECK(given.load.coolDownMs == 0);
  CHECK(given.load.followRequests == 32'000);
  CHECK(parseScenario(toJson(given).dump(), "f").load == given.load);
  CHECK(given.hash != plain.hash);
  CHECK_THROWS_AS(parse(R"("cool_down_ms":3600001)"), InputError);
  CHECK_THROWS_AS(parse(R"("cool_down_ms":-1)"), InputError);
}

TEST_CASE("defaults") {
  const Scenario s = parseScenario(
      R"({"schema":"leakgate.scenario/1","name":"n","target":{"command":["x","{port}"]},"steps":[{"name":"a"}]})",
      "f");
  CHECK(s.load == LoadSpec{});
  CHECK(s.steps[0] == [] {
    Step step;
    step.name = "a";
    return step;
  }());
  CHECK(s.steps[0].expect == Expect{{200}});
}

TEST_CASE("text that is not JSON is named by line and column") {
  CHECK(errorOf("{\n  \"schema\": ,\n}").find("s.json: line 2, column 13: not JSON: ") == 0);
  CHECK(errorOf("").find("s.json: line 1, column 1: not JSON: ") == 0);
  CHECK(errorOf("[1]") == "s.json: found a list, expected an object {...}");
  CHECK(errorOf(R"({"name": "a", "name": "b"})") ==
        "s.json: found the field \"name\" twice in one object, expected it once; remove one");
  CHECK(errorOf(R"({"name": "a", "load": {"name": 1}, "name": "b"})").find("the field \"name\" twice") !=
        std::string::npos);
  CHECK(errorOf(R"({"name": "a", "load": {"name": 1}})").find("twice") == std::string::npos);
  CHECK(errorOf("{\"a\": \"\xff\"}").find("not JSON") != std::string::npos);
}

TEST_CASE("files") {
  CHECK_THROWS_WITH_AS(loadScenario("/nonexistent/s.json"),
                       "/nonexistent/s.json: cannot be read; give the path of a scenario file", InputError);
  CHECK_THROWS_AS(loadScenario("/"), InputError);
  const auto file =
      std::filesystem::temp_directory_path() / ("leakgate-load-test-" + std::to_string(::getpid()));
  std::ofstream(file) << kFull;
  CHECK(loadScenario(file).file == file.string());
  std::filesystem::remove(file);
}

TEST_CASE("a scenario changed in code is checked and hashed again") {
  Scenario s = parseScenario(kFull, "s.json");
  const std::string before = s.hash;
  s.load.requests = 160;
  checkScenario(s);
  CHECK(s.hash != before);
  s.load.requests = 81;
  CHECK_THROWS_AS(checkScenario(s), InputError);
}

TEST_CASE("the committed scenarios and the example of their reference are valid") {
  const std::filesystem::path folder = SCENARIOS_DIR;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    CAPTURE(entry.path().string());
    CHECK_NOTHROW(loadScenario(entry.path()));
  }
  std::ifstream in(folder / "README.md");
  const std::string readme(std::istreambuf_iterator<char>(in), {});
  const auto start = readme.find("```jsonc\n") + 9;
  REQUIRE(start > 9);
  CHECK_NOTHROW(parseScenario(readme.substr(start, readme.find("```", start) - start), "README.md"));
}

TEST_CASE("connections per step and per number of requests") {
  const char* const kMix =
      R"({"schema": "leakgate.scenario/1", "name": "mix", "target": {"command": ["s", "{port}"]},
    "load": {"requests_per_connection": 2},
    "steps": [{"name": "a", "path": "/a", "keep_alive": false}, {"name": "b", "path": "/b", "connection": "new"},
              {"name": "c", "path": "/c"}]})";
  const Scenario mix = parseScenario(kMix, "mix.json");
  CHECK(mix.load.requestsPerConnection == 2);
  CHECK(mix.steps[0].keepAlive == false);
  CHECK(mix.steps[1].newConnection);
  CHECK_FALSE(mix.steps[2].keepAlive.has_value());
  std::ostringstream out;
  writeScenario(out, mix);
  const Scenario again = parseScenario(out.str(), "again.json");
  CHECK(again.load == mix.load);
  CHECK(again.steps == mix.steps);
  CHECK(again.hash == mix.hash);

  std::string text = kMix;
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string replaced = text;
    return replaced.replace(replaced.find(from), from.size(), to);
  };
  CHECK(errorOf(with(R"("connection": "new")", R"("connection": "old")")).find("steps[1].connection") !=
        std::string::npos);
  CHECK(errorOf(with(R"("keep_alive": false)", R"("keep_alive": false, "expect": null)"))
            .find("steps[0].keep_alive") != std::string::npos);
  CHECK(
      errorOf(with(R"("requests_per_connection": 2)", R"("requests_per_connection": 2, "keep_alive": false)"))
          .find("load.requests_per_connection") != std::string::npos);
}
