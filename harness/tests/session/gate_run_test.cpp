#include "session/gate_run.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "replay/measure_error.hpp"
#include "report/report_json.hpp"
#include "report/sample_report.hpp"
#include "session/fake_gate.hpp"

using namespace leakgate;
namespace fs = std::filesystem;

namespace {

Report with(const std::string& name, double value) {
  Report report = cleanReport();
  for (auto& metric : report.metrics) {
    if (metric.name == name) metric.value = value;
  }
  return report;
}

Report slowReport() {
  Report report = cleanReport();
  auto& finding = report.findings.emplace_back();
  finding.growth.kind = FindingKind::slowdown;
  finding.growth.percent = 12;
  return report;
}

}  // namespace

TEST_CASE("every scenario gets a report, whatever the others do") {
  FakeGate gate;
  gate.add("clean", cleanReport);
  gate.add("leaky", [] { return leakyReport(); });
  gate.add("dead", []() -> Report { throw MeasureError("the target died\x1b[2J"); });
  const auto results = gate.run();
  REQUIRE(results.size() == 3);
  CHECK(toString(results[0].outcome) == "pass");
  CHECK(toString(results[1].outcome) == "fail");
  CHECK(toString(results[2].outcome) == "cannot measure");
  CHECK(results[2].error == "the target died\\x1b[2J");  // a target may have written a part of it
  CHECK(toString(worstOf(results)) == "cannot measure");
  CHECK(toString(readReport(gate.workspace.file("latest/leaky.json")).verdict.outcome) == "fail");
  CHECK(fs::exists(gate.workspace.file("latest/clean.json")));
  CHECK_FALSE(fs::exists(gate.workspace.file("latest/dead.json")));
  CHECK(gate.subjects[0] == "clean (1 of 3)");
}

TEST_CASE("a report of an earlier run is not left where today's is missing") {
  FakeGate gate;
  writeAtomically(gate.workspace.file("latest/dead.json"), "yesterday's");
  gate.add("dead", []() -> Report { throw MeasureError("the target died"); });
  gate.run();
  CHECK_FALSE(fs::exists(gate.workspace.file("latest/dead.json")));
}

TEST_CASE("a bad file is bad input, and the others are measured") {
  FakeGate gate;
  gate.plan.scenarios.push_back(gate.workspace.file("scenarios/missing.json"));
  gate.add("clean", cleanReport);
  gate.add("stale", cleanReport);
  writeAtomically(gate.workspace.file("baselines/clean.json"), "not JSON");
  Baseline other = reduce(cleanReport());
  writeAtomically(gate.workspace.file("baselines/stale.json"), toText(other));
  const auto results = gate.run();
  CHECK(toString(results[0].outcome) == "bad input");
  CHECK(toString(results[1].outcome) == "bad input");
  CHECK(results[1].error.find("baselines/clean.json") != std::string::npos);
  CHECK(toString(results[2].outcome) == "bad input");  // another version of the scenario
  CHECK(gate.subjects.size() == 1);                    // an unreadable baseline is found before measuring
}

TEST_CASE("two scenarios of one name are refused") {
  FakeGate gate;
  gate.add("same", cleanReport);
  gate.add("same", cleanReport);
  const auto results = gate.run();
  CHECK(toString(results[0].outcome) == "pass");
  CHECK(toString(results[1].outcome) == "bad input");
}

TEST_CASE("a baseline that fits is used") {
  FakeGate gate;
  gate.add("known", cleanReport);
  Report accepted = cleanReport();
  accepted.scenario = loadScenario(gate.workspace.file("scenarios/known.json"));
  for (auto& metric : accepted.metrics) {
    if (metric.name == "allocations_per_request") metric.value = -1;
  }
  writeAtomically(gate.workspace.file("baselines/known.json"), toText(reduce(accepted)));
  const auto results = gate.run();
  CHECK(results[0].hasBaseline);
  CHECK(toString(results[0].outcome) == "fail");
}

TEST_CASE("a slow run is repeated, and fails only when all agree") {
  FakeGate always;
  always.add("slow", slowReport);
  CHECK(toString(always.run()[0].outcome) == "fail");
  CHECK(always.subjects.size() == 1 + kConfirmRuns);
  CHECK(always.subjects[0] == "slow (1 of 1)");
  CHECK(always.subjects[1] == "slow (1 of 1) again");

  FakeGate once;
  int runs = 0;
  once.add("slow", [&runs] { return ++runs == 1 ? slowReport() : cleanReport(); });
  const auto results = once.run();
  CHECK(toString(results[0].outcome) == "pass");
  CHECK(runs == 2);  // one that disagrees is enough
  CHECK(results[0].report->verdict.suspects.empty());
}

TEST_CASE(
    "an exact count that got worse by one allocation in a thousand requests fails, and all runs agree") {
  FakeGate gate;
  gate.add("known", [] { return with("allocations_per_request", 0.001); });
  gate.accept("known", cleanReport());
  const auto results = gate.run();
  CHECK(toString(results[0].outcome) == "fail");
  CHECK(gate.subjects.size() == 1 + kConfirmRuns);
  CHECK(results[0].report->repeats == kConfirmRuns);
  CHECK(results[0].report->verdict.failures[0].text ==
        "WORSE  allocations_per_request is 0.001 blocks, was 0 blocks in the baseline (in each of 5 runs)");
}

TEST_CASE("a count that the baseline calls exact and that differs by chance is a spread, not a regression") {
  FakeGate gate;
  int runs = 0;
  gate.add("known", [&runs] { return with("allocations_per_request", ++runs == 1 ? 0.274 : 0.296); });
  gate.accept("known", with("allocations_per_request", 0.27));
  const auto results = gate.run();
  CHECK(toString(results[0].outcome) == "pass");
  CHECK(runs == 2);  // they disagree: enough
  const auto& verdict = results[0].report->verdict;
  CHECK(verdict.suspects.empty());
  CHECK(verdict.notes[0] ==
        "allocations_per_request is 0.274 to 0.296 blocks in 2 runs, was 0.27 blocks in the "
        "baseline; it varies from run to run, which leakgate accept known measures");
  CHECK(
      verdict.notes[1].starts_with("not confirmed by another run: WORSE  allocations_per_request is 0.274"));
}

TEST_CASE("one allocation more fails a service whose counts vary, whatever they vary to") {
  FakeGate gate;
  int runs = 0;
  gate.add("noisy", [&runs] { return with("allocations_per_request", 1.5 + 0.02 * ++runs); });
  Report accepted = with("allocations_per_request", 0.55);
  for (auto& metric : accepted.metrics) {
    if (metric.name != "allocations_per_request") continue;
    metric.kind = MetricKind::spread;
    metric.spread = Spread{6, 0.49, 0.76};
  }
  gate.accept("noisy", accepted);
  const auto results = gate.run();
  CHECK(toString(results[0].outcome) == "fail");
  CHECK(results[0].report->verdict.failures[0].text ==
        "WORSE  allocations_per_request is 1.52 to 1.6 blocks in 5 runs, was 0.49 to 0.76 blocks in 6 runs "
        "in the "
        "baseline (in each of 5 runs)");
}

TEST_CASE("a budget is broken when every run breaks it") {
  const auto outcomeOf = [](double first, double others) {
    FakeGate gate;
    int runs = 0;
    gate.add("limited", [&] { return with("allocations_per_request", ++runs == 1 ? first : others); });
    const auto file = gate.workspace.file("scenarios/limited.json");
    auto json = nlohmann::json::parse(readWhole(file));
    json["budgets"]["allocations_per_request"] = {{"max", 1}};
    writeAtomically(file, json.dump());
    return std::string(toString(gate.run()[0].outcome));
  };
  CHECK(outcomeOf(1, 1) == "pass");
  CHECK(outcomeOf(1.2, 1.3) == "fail");
  CHECK(outcomeOf(1.2, 0.9) == "pass");
}

TEST_CASE("a baseline without a scenario is reported, unless scenarios were named") {
  FakeGate gate;
  gate.add("here", cleanReport);
  gate.accept("here", cleanReport());
  writeAtomically(gate.workspace.file("baselines/gone.json"), toText(reduce(cleanReport())));
  CHECK(gate.run().size() == 1);
  gate.plan.wholeFolder = true;
  const auto results = gate.run();
  REQUIRE(results.size() == 2);
  CHECK(toString(results[0].outcome) == "pass");
  CHECK(results[1].name == "gone");
  CHECK(toString(results[1].outcome) == "bad input");
  CHECK(results[1].error.find("baselines/gone.json: found no scenario of this name") != std::string::npos);
}

TEST_CASE("the shard that looks after the folder counts the scenarios of the others") {
  FakeGate gate;
  gate.add("here", cleanReport);
  gate.add("there", cleanReport);
  gate.accept("there", cleanReport());
  gate.plan.elsewhere = {gate.plan.scenarios.back()};
  gate.plan.scenarios.pop_back();
  gate.plan.wholeFolder = true;
  const auto results = gate.run();
  REQUIRE(results.size() == 1);
  CHECK(results[0].name == "here");
}

TEST_CASE("a scenario that cannot be read does not make its baseline one without a scenario") {
  FakeGate gate;
  gate.plan.wholeFolder = true;
  gate.add("broken", cleanReport);
  gate.accept("broken", cleanReport());
  writeAtomically(gate.workspace.file("scenarios/broken.json"), "{");
  CHECK(gate.run().size() == 1);
}

TEST_CASE("a baseline that cannot be used is bad input for its scenario alone") {
  for (const char* content : {R"({"schema": "leakgate.baseline/1", "metrics": [{"value": 1e999}]})",
                              R"({"schema": "leakgate.baseline/1", "scenario": []})", "[1]"}) {
    CAPTURE(content);
    FakeGate gate;
    gate.add("bad", cleanReport);
    gate.add("good", cleanReport);
    writeAtomically(gate.workspace.file("baselines/bad.json"), content);
    const auto results = gate.run();
    CHECK(toString(results[0].outcome) == "bad input");
    CHECK(toString(results[1].outcome) == "pass");
  }
}

TEST_CASE("a budget that no run can have is bad input before the run") {
  FakeGate gate;
  gate.add("typo", cleanReport);
  const auto file = gate.workspace.file("scenarios/typo.json");
  auto json = nlohmann::json::parse(readWhole(file));
  json["budgets"]["allocation_per_request"] = 0;
  writeAtomically(file, json.dump());
  const auto results = gate.run();
  CHECK(toString(results[0].outcome) == "bad input");
  CHECK(results[0].error.find("did you mean allocations_per_request?") != std::string::npos);
  CHECK(gate.subjects.empty());
}

TEST_CASE("a repeat that fails or ends early leaves the first run's report, as a partial one") {
  struct Row {
    std::function<Report()> second;
    const char* end;
    const char* reason;
  };
  const Row rows[] = {
      {[]() -> Report { throw OutOfTime("the time was over"); }, "out of time",
       "the time of the run was over (--max-seconds) while it was repeated; not confirmed: WORSE  "},
      {[]() -> Report { throw Interrupted(); }, "interrupted",
       "interrupted while the run was repeated; not confirmed: WORSE  "},
      {[]() -> Report { throw MeasureError("the target was not ready\nThe target wrote nothing."); },
       "target failed", "a repeat of the run failed: the target was not ready; not confirmed: WORSE  "},
      {[] {
         Report report = with("allocations_per_request", 0.001);
         report.end = RunEnd::outOfTime;
         return report;
       },
       "out of time", "the time of the run was over (--max-seconds) while it was repeated; not confirmed: "},
  };
  for (const auto& row : rows) {
    CAPTURE(row.reason);
    FakeGate gate;
    int runs = 0;
    gate.add("known", [&] { return ++runs == 1 ? with("allocations_per_request", 0.001) : row.second(); });
    gate.accept("known", cleanReport());
    const auto results = gate.run();
    CHECK(runs == 2);
    CHECK(toString(results[0].outcome) == "cannot measure");
    REQUIRE(results[0].report);
    const Report kept = readReport(gate.workspace.file("latest/known.json"));
    CHECK(toString(kept.end) == row.end);
    CHECK(kept.endReason.starts_with(row.reason));
    REQUIRE(kept.verdict.failures.size() == 1);
    CHECK(kept.verdict.failures[0].text.starts_with(std::string("PARTIAL  ") + row.reason));
  }
}

TEST_CASE("a leak is not repeated") {
  FakeGate gate;
  gate.add("leaky", [] { return leakyReport(); });
  gate.run();
  CHECK(gate.subjects.size() == 1);
}

TEST_CASE("Ctrl-C ends the gate: earlier verdicts are kept, the current scenario is not measured") {
  std::stop_source source;
  FakeGate gate;
  gate.plan.stop = source.get_token();
  gate.add("first", [] { return leakyReport(); });
  gate.add("second", [&]() -> Report {
    source.request_stop();
    throw Interrupted();
  });
  gate.add("third", cleanReport);
  const auto results = gate.run();
  REQUIRE(results.size() == 2);
  CHECK(toString(results[0].outcome) == "fail");
  CHECK(toString(results[1].outcome) == "cannot measure");
  CHECK(gate.subjects.size() == 2);
}
