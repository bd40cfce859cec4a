// report_json.cpp and write.cpp.
// The published schemas against what leakgate writes, and every committed scenario against theirs.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "report/baseline.hpp"
#include "report/report_json.hpp"
#include "report/sample_report.hpp"
#include "report/schema_error.hpp"
#include "scenario/load.hpp"
#include "scenario/write.hpp"

using namespace leakgate;
using nlohmann::json;

namespace {

const std::string kRoot = SOURCE_ROOT;

json parsed(const Report& report) { return json::parse(toText(toJson(report))); }

}  // namespace

TEST_CASE("generated reports are valid") {
  CHECK(errorIn(parsed(cleanReport()), "report-1.schema.json") == "");
  Report leaky = leakyReport();
  leaky.verdict = {Outcome::fail, {{"f", "leaks"}}, {{"m", "slow"}}, {"a note"}};
  leaky.drift = LatencyDrift{1.5, -1, 4, 0.2, 5};
  leaky.windows.assign(80, {100, 1000.25, 990.5, 3000});
  leaky.unexpected = {{"login", 17, "status 500, expected 200"}};
  leaky.trigger = sampleTrigger();
  leaky.profile = sampleProfile();
  leaky.instructions = InstructionProfile{400, "", 400'000, {{"parse", "server", 300'000}}};
  leaky.systemCalls = SystemCallProfile{800, "200: 800", "", {{"recvfrom", 1600, 800}}};
  leaky.repeats = 4;
  leaky.metrics[4].kind = MetricKind::spread;
  leaky.metrics[4].spread = Spread{5, 0.5, 0.75};
  leaky.audit.cost.counts = 12;
  leaky.audit.cost.varied = {"allocations_per_request"};
  CHECK(errorIn(parsed(leaky), "report-1.schema.json") == "");
  leaky.depth = Depth::stacks;
  leaky.escalated = true;
  leaky.escalation = "1 of 1 findings grew again";
  leaky.findings[0].stacks = {{{0, 1}, {0, 8}, 1, 8, true, "0123456789abcdef", leaky.findings[0].stack}};
  leaky.findings[0].stackCount = 3;
  leaky.findings[0].confirmed = Confirmed::no;
  CHECK(errorIn(parsed(leaky), "report-1.schema.json") == "");
  const Report back = parseReport(toText(toJson(leaky)), "r.json");
  CHECK((back.findings[0].confirmed == Confirmed::no));
  CHECK(back.findings[0].stacks[0].frames == leaky.findings[0].stack);
  CHECK(back.escalation == leaky.escalation);
}

TEST_CASE("every committed baseline is valid, and one with a log") {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kRoot + "/reports/baselines")) {
    CAPTURE(entry.path().string());
    CHECK(errorIn(json::parse(std::ifstream(entry.path())), "baseline-1.schema.json") == "");
    CHECK_NOTHROW(readBaseline(entry.path()));
    ++count;
  }
  CHECK(count > 0);
  Baseline baseline = reduce(leakyReport());
  baseline.log = {{"2026-02-02", "c0ffee", "a cache", {{"live_bytes_growth", "0 B", "64 B"}}},
                  {"2026-02-03", "", "a budget", {}}};
  CHECK(errorIn(json::parse(toText(baseline)), "baseline-1.schema.json") == "");
  baseline.log[0].date = "yesterday";
  CHECK(errorIn(json::parse(toText(baseline)), "baseline-1.schema.json") != "");
}

TEST_CASE("the report's schema refuses what is not a report") {
  const auto refuses = [](const std::function<void(json&)>& change) {
    json document = parsed(leakyReport());
    change(document);
    return errorIn(document, "report-1.schema.json") != "";
  };
  CHECK(refuses([](json& r) { r["schema"] = "leakgate.report/2"; }));
  CHECK(refuses([](json& r) { r.erase("metrics"); }));
  CHECK(refuses([](json& r) { r["metrics"][0]["kind"] = "guessed"; }));
  CHECK(refuses([](json& r) { r["findings"][0]["fingerprint"] = "xyz"; }));
  CHECK(refuses([](json& r) { r["findings"][0]["confirmed"] = "perhaps"; }));
  CHECK(refuses([](json& r) { r["run"]["depth"] = "deep"; }));
  CHECK(refuses([](json& r) { r["series"][0]["requests"] = -1; }));
  CHECK(refuses([](json& r) { r["profile"] = json::object(); }));
  CHECK_FALSE(refuses([](json&) {}));
}

TEST_CASE("every committed scenario is valid by the schema, and so is what leakgate writes of it") {
  int count = 0;
  for (const char* folder : {"/scenarios", "/harness/specimens/scenarios"}) {
    for (const auto& entry : std::filesystem::directory_iterator(kRoot + folder)) {
      if (entry.path().extension() != ".json") continue;
      CAPTURE(entry.path().string());
      const json document = json::parse(std::ifstream(entry.path()), nullptr, true, true);
      CHECK(errorIn(document, "scenario-1.schema.json") == "");
      const json written = json::parse(toJson(loadScenario(entry.path())).dump());
      CHECK(errorIn(written, "scenario-1.schema.json") == "");
      ++count;
    }
  }
  CHECK(count > 0);
}

TEST_CASE("the scenario's schema refuses unknown fields and wrong types") {
  const auto refuses = [](const std::function<void(json&)>& change) {
    json document =
        json::parse(R"({"schema": "leakgate.scenario/1", "name": "a", "target": {"command": ["a", "{port}"]},
      "load": {"requests": 16}, "steps": [{"name": "s", "expect": null, "abort": "mid_body"}], "budgets": {"m": {"max": 0}}})");
    change(document);
    return errorIn(document, "scenario-1.schema.json") != "";
  };
  CHECK_FALSE(refuses([](json&) {}));
  CHECK(refuses([](json& s) { s["retries"] = 3; }));
  CHECK(refuses([](json& s) { s["load"]["requests"] = 17; }));
  CHECK(refuses([](json& s) { s["steps"] = json::array(); }));
  CHECK(refuses([](json& s) { s["steps"][0]["abort"] = "later"; }));
  CHECK(refuses([](json& s) { s["budgets"]["m"] = json::object(); }));
}
