// What a scenario must keep to: the checks of load.cpp, step_fields.cpp and check.cpp, field by field.
#include <doctest/doctest.h>

#include <span>

#include "full_scenario.hpp"

using namespace leakgate;
using namespace leakgate::test;

namespace {

struct Row {
  const char* pointer;
  const char* value;
  const char* message;  // a part of it
};

const Row kTopFields[] = {
    {"/schema", "remove", "s.json: schema: found nothing, expected a string; add the field"},
    {"/schema", "\"leakgate.scenario/2\"", "this leakgate reads version 1 only"},
    {"/schema", "\"other\"", "a scenario file begins with this field"},
    {"/name", "remove", "name: found nothing"},
    {"/name", "\"a/b\"", "name: found \"a/b\", expected letters"},
    {"/name", "\"\"", "name: found \"\""},
    {"/name", "7", "name: found 7, expected a string"},
    {"/description", "[]", "description: found a list, expected a string"},
    {"/extra", "1", "extra: found an unknown field, expected one of schema, name, description, target, load"},
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
    {"/budgets", "[]", "budgets: found [], expected an object"},
    {"/budgets/x", "\"a\"", "budgets.x: found \"a\", expected a number"},
    {"/budgets/x", "{}", "budgets.x: found neither min nor max"},
    {"/budgets/x", "{\"min\": \"a\"}", "budgets.x.min: found \"a\", expected a number"},
    {"/budgets/x", "{\"min\": 2, \"max\": 1}", "budgets.x: found min above max"},
    {"/budgets/x", "{\"mean\": 2}", "budgets.x.mean: found an unknown field"},
};

const Row kLoadFields[] = {
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
};

const Row kStepFields[] = {
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
     "steps[5].slow_read_ms: found 30, expected it in a step that awaits its response; remove abort and "
     "\"expect\": null, or slow_read_ms"},
    {"/steps/4/slow_read_ms", "5",
     "steps[4].slow_read_ms: found 5, expected it in a step that awaits its response"},
    {"/steps/2/expect", "{\"status\": 200}", "steps[2].expect: found an expected response"},
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
};

void checkMessages(std::span<const Row> rows) {
  for (const Row& row : rows) {
    const std::string error = errorOf(changed(row.pointer, row.value));
    CAPTURE(row.pointer);
    CAPTURE(row.value);
    CAPTURE(error);
    CHECK(error.starts_with("s.json: "));
    CHECK(error.find(row.message) != std::string::npos);
  }
}

}  // namespace

TEST_CASE("a wrong field is named with what was found and expected") {
  SUBCASE("of the scenario, its target and its budgets") { checkMessages(kTopFields); }
  SUBCASE("of the load") { checkMessages(kLoadFields); }
  SUBCASE("of a step") { checkMessages(kStepFields); }
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
