#include "scenario/load.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "scenario/write.hpp"

using namespace leakgate;
using Json = nlohmann::ordered_json;

namespace {

const char* const kFull = R"({
  // comments are allowed
  "schema": "leakgate.scenario/1",
  "name": "context_churn",
  "description": "all fields",
  "target": { "command": ["{bin}/h3-demo", "--port", "{port}"], "ready": "/health", "env": {"A": "b"}, "metrics": "/m" },
  "load": { "connections": 4, "keep_alive": true, "pipeline": 2, "warmup": 16, "requests": 80, "seed": 7, "order": "weighted" },
  "steps": [
    { "name": "login", "weight": 3, "method": "POST", "path": "/login?i={i}", "headers": {"z-last": "1", "a-first": "2"},
      "body": "{\"user\":\"u{i}\"}", "version": "1.0", "abort": null, "expect": { "status": [200, 404], "body": "ok {i}" } },
    { "name": "gone", "path": "/x", "abort": "mid_headers", "stall_ms": 20, "expect": { "status": 408 } },
    { "name": "left", "path": "/x", "abort": "before_response" },
    { "name": "bytes", "raw": "GET /\u00e4 HTTP/1.1\r\n\r\n", "expect": { "below": 500 } },
    { "name": "silent", "expect": null },
    { "name": "slow", "path": "/x", "slow_read_ms": 30 }
  ],
  "budgets": { "live_bytes_per_request": 0, "allocations_per_request": { "max": 0.5 }, "pool.reuse": { "min": 0.9999 } }
})";

// The full scenario with one place changed: `pointer` is replaced, or removed when `value` is "remove".
std::string changed(const std::string& pointer, const std::string& value) {
  Json json = Json::parse(kFull, nullptr, true, true);
  const Json::json_pointer place(pointer);
  if (value == "remove")
    json.at(place.parent_pointer()).erase(place.back());
  else
    json[place] = Json::parse(value);
  return json.dump();
}

std::string errorOf(const std::string& text) {
  try {
    parseScenario(text, "s.json");
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

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

TEST_CASE("a wrong field is named with what was found and expected") {
  struct Row {
    const char* pointer;
    const char* value;
    const char* message;  // a part of it
  };
  const Row rows[] = {
      {"/schema", "remove", "s.json: schema: found nothing, expected a string; add the field"},
      {"/schema", "\"leakgate.scenario/2\"", "this leakgate reads version 1 only"},
      {"/schema", "\"other\"", "a scenario file begins with this field"},
      {"/name", "remove", "name: found nothing"},
      {"/name", "\"a/b\"", "name: found \"a/b\", expected letters"},
      {"/name", "\"\"", "name: found \"\""},
      {"/name", "7", "name: found 7, expected a string"},
      {"/description", "[]", "description: found a list, expected a string"},
      {"/extra", "1",
       "extra: found an unknown field, expected one of schema, name, description, target, load"},
      {"/target", "remove", "target: found nothing"},
      {"/target", "[]", "target: found a list, expected an object"},
      {"/target/command", "remove", "target.command: found nothing"},
      {"/target/command", "\"x\"", "target.command: found \"x\", expected a list of strings"},
      {"/target/command", "[]", "target.command: found no program"},
      {"/target/command/1", "3", "target.command[1]: found 3, expected a string"},
      {"/target/command", "[\"x\"]", "target.command: found no {port}"},
      {"/target/ready", "\"health\"", "target.ready: found \"health\", expected a path that begins with /"},
      {"/target/metrics", "\"/a b\"", "target.metrics: found \"/a b\""},
      {"/target/env/A", "1", "target.env.A: found 1, expected a string"},
      {"/target/env/LEAKGATE_DIR", "\"x\"", "leakgate sets LEAKGATE_* itself"},
      {"/target/cmd", "1", "target.cmd: found an unknown field"},
      {"/load", "3", "load: found 3, expected an object"},
      {"/load/connections", "0", "load.connections: found 0, expected a whole number from 1 to 1024"},
      {"/load/connections", "1025", "load.connections: found 1025"},
      {"/load/keep_alive", "1", "load.keep_alive: found 1, expected true or false"},
      {"/load/keep_alive", "false", "load.pipeline: found 2, expected 1 when keep_alive is false"},
      {"/load/pipeline", "65", "load.pipeline: found 65"},
      {"/load/warmup", "-1", "load.warmup: found -1"},
      {"/load/requests", "84", "load.requests: found 84, expected a multiple of 8"},
      {"/load/requests", "83", "the nearest is 80"},
      {"/load/requests", "84", "the nearest is 88"},
      {"/load/requests", "4", "load.requests: found 4, expected a whole number from 8"},
      {"/load/requests", "1000000008", "load.requests: found 1000000008"},
      {"/load/requests", "80.5", "load.requests: found 80.5"},
      {"/load/seed", "\"x\"", "load.seed: found \"x\""},
      {"/load/order", "\"random\"", "load.order: found \"random\", expected \"weighted\" or \"sequence\""},
      {"/load/order", "\"sequence\"", "steps[0].weight: found 3, expected no weight in a sequence"},
      {"/load/rate", "1", "load.rate: found an unknown field"},
      {"/steps", "remove", "steps: found nothing"},
      {"/steps", "{}", "steps: found {}, expected a list"},
      {"/steps", "[]", "steps: found none"},
      {"/steps/2", "7", "steps[2]: found 7, expected an object"},
      {"/steps/2/name", "remove", "steps[2].name: found nothing"},
      {"/steps/2/name", "\"\"", "steps[2].name: found \"\""},
      {"/steps/2/name", "\"login\"", "steps[2].name: found \"login\" a second time"},
      {"/steps/2/weight", "0", "steps[2].weight: found 0, expected a whole number from 1 to 10000"},
      {"/steps/2/weight", "10001", "steps[2].weight: found 10001"},
      {"/steps/2/method", "\"G T\"", "steps[2].method: found \"G T\""},
      {"/steps/2/path", "\"\"", "steps[2].path: found \"\""},
      {"/steps/2/path", "\"/a b\"", "steps[2].path: found \"/a b\", expected a target without blanks"},
      {"/steps/2/path", "\"/{i:0}\"",
       "steps[2].path: found a template out of range, expected the number in {i:0} must be"},
      {"/steps/2/path", "\"/{fill:16777217}\"", "{fill:16777217}"},
      {"/steps/2/headers", "[]", "steps[2].headers: found [], expected an object of strings"},
      {"/steps/2/headers", "{\"a b\": \"x\"}", "steps[2].headers.a b: found \"a b\", expected a field name"},
      {"/steps/2/headers", "{\"a\": \"x\\r\\ny: z\"}", "steps[2].headers.a: found a control character"},
      {"/steps/2/headers", "{\"a\": 1}", "steps[2].headers.a: found 1, expected a string"},
      {"/steps/2/body", "1", "steps[2].body: found 1, expected a string"},
      {"/steps/2/body", "\"{fill:16777216}x\"",
       "steps[2].body: found 16777217 bytes, expected at most 16777216"},
      {"/steps/2/version", "\"2\"", "steps[2].version: found \"2\", expected \"1.0\" or \"1.1\""},
      {"/steps/2/abort", "\"later\"", "steps[2].abort: found \"later\", expected null, \"mid_headers\""},
      {"/steps/2/abort", "\"mid_body\"", "steps[2].abort: found mid_body without a body"},
      {"/steps/2/stall_ms", "60001", "steps[2].stall_ms: found 60001"},
      {"/steps/4/stall_ms", "5", "steps[4].stall_ms: found 5, expected it with abort only"},
      {"/steps/5/slow_read_ms", "60001",
       "steps[5].slow_read_ms: found 60001, expected a whole number from 0 to 60000"},
      {"/steps/5/slow_read_ms", "\"long\"", "steps[5].slow_read_ms: found \"long\""},
      {"/steps/5/slow_read_ms", "1.5", "steps[5].slow_read_ms: found 1.5"},
      {"/steps/5/slow_reads_ms", "5",
       "steps[5].slow_reads_ms: found an unknown field, expected one of name, weight, method, path, headers, "
       "body, version, abort, stall_ms, slow_read_ms, keep_alive, connection, raw, expect; did you mean "
       "slow_read_ms?"},
      {"/steps/5/abort", "\"mid_headers\"",
       "steps[5].slow_read_ms: found 30, expected it in a step that awaits its answer; remove abort and "
       "\"expect\": null, or slow_read_ms"},
      {"/steps/4/slow_read_ms", "5",
       "steps[4].slow_read_ms: found 5, expected it in a step that awaits its answer"},
      {"/steps/2/expect", "{\"status\": 200}", "steps[2].expect: found an expected answer"},
      {"/steps/3/raw", "1", "steps[3].raw: found 1, expected a string"},
      {"/steps/3/raw", "\"\"", "steps[3].raw: found nothing"},
      {"/steps/3/raw", "\"\\u0100\"", "steps[3].raw: found a character above U+00FF"},
      {"/steps/3/path", "\"/\"", "steps[3].path: found it together with raw"},
      {"/steps/3/abort", "\"mid_headers\"", "steps[3].abort: found a point inside of the request"},
      {"/steps/4/expect", "7", "steps[4].expect: found 7, expected null or an object"},
      {"/steps/0/expect/status", "\"abc\"",
       "s.json: steps[0].expect.status: found \"abc\", expected a status from 100"},
      {"/steps/0/expect/status", "99", "steps[0].expect.status: found 99"},
      {"/steps/0/expect/status/1", "600", "steps[0].expect.status[1]: found 600"},
      {"/steps/0/expect/below", "500", "steps[0].expect.below: found it together with status"},
      {"/steps/3/expect/below", "100", "steps[3].expect.below: found 100"},
      {"/steps/0/expect/body", "1", "steps[0].expect.body: found 1, expected a string"},
      {"/steps/0/expect/statuss", "1",
       "steps[0].expect.statuss: found an unknown field, expected one of status, below, body"},
      {"/steps/0/wait", "1", "steps[0].wait: found an unknown field"},
      {"/budgets", "[]", "budgets: found [], expected an object"},
      {"/budgets/x", "\"a\"", "budgets.x: found \"a\", expected a number"},
      {"/budgets/x", "{}", "budgets.x: found neither min nor max"},
      {"/budgets/x", "{\"min\": \"a\"}", "budgets.x.min: found \"a\", expected a number"},
      {"/budgets/x", "{\"min\": 2, \"max\": 1}", "budgets.x: found min above max"},
      {"/budgets/x", "{\"mean\": 2}", "budgets.x.mean: found an unknown field"},
  };
  for (const Row& row : rows) {
    const std::string error = errorOf(changed(row.pointer, row.value));
    CAPTURE(row.pointer);
    CAPTURE(row.value);
    CAPTURE(error);
    CHECK(error.starts_with("s.json: "));
    CHECK(error.find(row.message) != std::string::npos);
  }
}

TEST_CASE("the limits themselves are allowed") {
  const char* const rows[][2] = {{"/load/connections", "1024"},
                                 {"/load/pipeline", "64"},
                                 {"/load/requests", "8"},
                                 {"/load/requests", "1000000000"},
                                 {"/load/warmup", "0"},
                                 {"/steps/2/weight", "10000"},
                                 {"/steps/1/stall_ms", "60000"},
                                 {"/steps/5/slow_read_ms", "60000"},
                                 {"/steps/3/slow_read_ms", "5"},
                                 {"/steps/2/body", "\"{fill:16777216}\""},
                                 {"/steps/0/expect/status", "[]"},
                                 {"/load/seed", "18446744073709551615"}};
  for (const auto& row : rows) {
    CAPTURE(row[0]);
    CHECK(errorOf(changed(row[0], row[1])) == "no error");
  }
}

TEST_CASE("too many steps") {
  Json json = Json::parse(kFull, nullptr, true, true);
  json["steps"] = Json::array();
  for (int k = 0; k < 5'000; ++k) json["steps"].push_back({{"name", std::to_string(k)}});
  CHECK(errorOf(json.dump()) == "no error");
  json["steps"].push_back({{"name", "one more"}});
  CHECK(errorOf(json.dump()) == "s.json: steps: found 5001 steps, expected at most 5000");
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
