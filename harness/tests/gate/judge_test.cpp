// The gate's truth table.
#include "gate/judge.hpp"

#include <doctest/doctest.h>

#include <functional>

#include "report/sample_report.hpp"

using namespace leakgate;

namespace {

Metric& metric(Report& report, const std::string& name) {
  for (auto& candidate : report.metrics) {
    if (candidate.name == name) return candidate;
  }
  FAIL("no metric " << name);
  return report.metrics.front();
}

void limit(Report& report, const char* name, std::optional<double> min, std::optional<double> max) {
  report.scenario.budgets[name] = {min, max};
}

bool mentions(const std::vector<Reason>& reasons, const std::string& text) {
  for (const auto& reason : reasons) {
    if (reason.text.find(text) != std::string::npos) return true;
  }
  return false;
}

void slowDown(Report& report, Confirmed confirmed) {
  NamedFinding finding;
  finding.growth.kind = FindingKind::slowdown;
  finding.growth.cpuNsLast = 9'000;
  finding.confirmed = confirmed;
  report.findings.push_back(finding);
}

struct Row {
  const char* name;
  bool leaks;
  std::function<void(Report&)> change;
  Outcome outcome;
  std::size_t failures;
  std::size_t suspects;
};
const Row kRows[] = {
    {"clean", false, [](Report&) {}, Outcome::pass, 0, 0},
    {"leak", true, [](Report&) {}, Outcome::fail, 1, 0},
    {"leak within a budget", true, [](Report& r) { limit(r, "live_bytes_per_request", {}, 20); },
     Outcome::pass, 0, 0},
    {"leak beyond its budget", true, [](Report& r) { limit(r, "live_bytes_per_request", {}, 16); },
     Outcome::pass, 0, 1},
    {"a budget of 0 allows no leak", true, [](Report& r) { limit(r, "live_bytes_per_request", {}, 0); },
     Outcome::fail, 1, 1},
    {"CPU per request rises, in two runs", false, [](Report& r) { slowDown(r, Confirmed::yes); },
     Outcome::fail, 1, 0},
    {"CPU per request rises, in one run only", false, [](Report& r) { slowDown(r, Confirmed::notAsked); },
     Outcome::pass, 0, 0},
    {"exact budget kept", false, [](Report& r) { limit(r, "live_bytes_growth", 0, 0); }, Outcome::pass, 0, 0},
    {"exact budget, above max", false, [](Report& r) { limit(r, "requests", {}, 7999); }, Outcome::pass, 0,
     1},
    {"exact budget, at max", false, [](Report& r) { limit(r, "requests", {}, 8000); }, Outcome::pass, 0, 0},
    {"exact budget, below min", false, [](Report& r) { limit(r, "requests", 8001, {}); }, Outcome::pass, 0,
     1},
    {"exact budget, at min", false, [](Report& r) { limit(r, "requests", 8000, {}); }, Outcome::pass, 0, 0},
    {"sampled budget broken", false, [](Report& r) { limit(r, "cpu_ns_per_request", {}, 1); }, Outcome::pass,
     0, 1},
    {"budget of an unknown metric", false, [](Report& r) { limit(r, "event_pool.reuse_ratio", 1, {}); },
     Outcome::cannotMeasure, 1, 0},
    {"unexpected responses", false, [](Report& r) { metric(r, "unexpected_answers").value = 3; },
     Outcome::fail, 1, 0},
    {"unexpected responses within a budget", false,
     [](Report& r) {
       metric(r, "unexpected_answers").value = 3;
       limit(r, "unexpected_answers", {}, 3);
     },
     Outcome::pass, 0, 0},
    {"events dropped", false, [](Report& r) { r.audit.eventsDropped = 1; }, Outcome::cannotMeasure, 1, 0},
    {"inconsistent", false, [](Report& r) { r.series[2].consistent = false; }, Outcome::cannotMeasure, 1, 0},
    {"inconsistent, without the shim", false,
     [](Report& r) {
       r.series[2].consistent = false;
       r.depth = Depth::none;
     },
     Outcome::timesOnly, 0, 0},
    {"without the shim, a budget for memory", false,
     [](Report& r) {
       r.depth = Depth::none;
       std::erase_if(r.metrics, [](const Metric& m) { return m.name == "live_bytes_growth"; });
       limit(r, "live_bytes_growth", 0, 0);
     },
     Outcome::timesOnly, 0, 0},
    {"without the shim, a wrong response", false,
     [](Report& r) {
       r.depth = Depth::none;
       metric(r, "unexpected_answers").value = 1;
     },
     Outcome::fail, 1, 0},
    {"not settled", false, [](Report& r) { r.series[2].settled = false; }, Outcome::pass, 0, 0},
    {"not settled, budget kept", false,
     [](Report& r) {
       r.series[2].settled = false;
       limit(r, "allocations_per_request", {}, 5);
     },
     Outcome::pass, 0, 0},
    {"steady, readings differ", false,
     [](Report& r) {
       r.series[2].steady = true;
       r.series[2].consistent = false;
       limit(r, "allocations_per_request", {}, 5);
     },
     Outcome::pass, 0, 0},
    {"partial, clean", false, [](Report& r) { r.end = RunEnd::outOfTime; }, Outcome::cannotMeasure, 1, 0},
    {"partial, with a proof", true, [](Report& r) { r.end = RunEnd::outOfTime; }, Outcome::fail, 1, 0},
    {"the target failed, with a proof", true, [](Report& r) { r.end = RunEnd::targetFailed; }, Outcome::fail,
     1, 0},
    {"interrupted, with a proof", true, [](Report& r) { r.end = RunEnd::interrupted; },
     Outcome::cannotMeasure, 2, 0},
    {"partial: budgets are not judged", false,
     [](Report& r) {
       r.end = RunEnd::outOfTime;
       limit(r, "requests", 9000, {});
     },
     Outcome::cannotMeasure, 1, 0},
    {"no responses", false, [](Report& r) { metric(r, "responses").value = 0; }, Outcome::cannotMeasure, 1,
     0},
    {"no responses, none awaited", false,
     [](Report& r) {
       metric(r, "responses").value = 0;
       for (auto& s : r.scenario.steps) s.expect.reset();
     },
     Outcome::pass, 0, 0},
    {"cannot measure outweighs a leak", true, [](Report& r) { r.audit.eventsDropped = 1; },
     Outcome::cannotMeasure, 2, 0},
};

}  // namespace

TEST_CASE("one run, without a baseline") {
  for (const auto& row : kRows) {
    CAPTURE(row.name);
    Report report = row.leaks ? leakyReport() : cleanReport();
    row.change(report);
    const Verdict verdict = judge(report, nullptr);
    CHECK(toString(verdict.outcome) == toString(row.outcome));
    CHECK(verdict.failures.size() == row.failures);
    CHECK(verdict.suspects.size() == row.suspects);
  }
}

TEST_CASE("a misspelt budget is reported with similar names") {
  const auto textOf = [](const char* name) {
    Report report = cleanReport();
    limit(report, name, {}, 0);
    const Verdict verdict = judge(report, nullptr);
    REQUIRE(verdict.failures.size() == 1);
    return verdict.failures[0].text;
  };
  CHECK(textOf("live_byte_per_requets") ==
        "scenarios/sample.json: budgets.live_byte_per_requets: found no such metric in this run, expected "
        "one of the "
        "report's \"metrics\"; did you mean live_bytes_per_request?");
  CHECK(textOf("allocations").ends_with("did you mean allocations_per_request?"));
  CHECK(textOf("event_pool.reuse_ratio").ends_with("correct its name, or let the target publish it"));
}

TEST_CASE("against a baseline") {
  const Baseline baseline = reduce(cleanReport());
  Report report = cleanReport();
  CHECK(judge(report, &baseline) == Verdict{});

  metric(report, "allocations_per_request").value = 1e-9;
  Verdict verdict = judge(report, &baseline);
  CHECK(toString(verdict.outcome) == "pass");  // one run may be chance
  CHECK(mentions(verdict.suspects,
                 "WORSE  allocations_per_request is 1e-09 blocks, was 0 blocks in the baseline"));
  verdict = confirm(verdict, {judge(report, &baseline)});
  CHECK(toString(verdict.outcome) == "fail");  // by however little

  limit(report, "allocations_per_request", {}, 0.5);  // a budget names the tolerance
  CHECK(judge(report, &baseline).suspects.empty());

  report = cleanReport();
  report.series[1].settled = false;
  verdict = judge(report, &baseline);
  CHECK(toString(verdict.outcome) == "pass");
  CHECK(verdict.notes[0].starts_with(
      "the target did not stand still at 1 of 5 checkpoints, first \"block 1\""));
}

TEST_CASE("less growth is an improvement, and growth at or below zero never worse") {
  Report before = cleanReport();
  metric(before, "live_bytes_growth").value = 64;
  Baseline baseline = reduce(before);
  CHECK(judge(cleanReport(), &baseline).notes ==
        std::vector<std::string>{
            "improved: live_bytes_growth is 0 B, was 64 B in the baseline, which could be 0 B",
            "keep the improvement: leakgate accept sample"});
  metric(before, "live_bytes_growth").value = -64;
  baseline = reduce(before);
  for (const double grown : {-32.0, 0.0}) {
    Report report = cleanReport();
    metric(report, "live_bytes_growth").value = grown;
    CHECK(judge(report, &baseline) == Verdict{});
  }
}

TEST_CASE("a baseline that lacks metrics is bad input, not a pass") {
  Baseline baseline = reduce(cleanReport());
  baseline.file = "b/sample.json";
  Baseline cut = baseline;
  cut.metrics.clear();
  Verdict verdict = judge(cleanReport(), &cut);
  CHECK(toString(verdict.outcome) == "bad input");
  CHECK(mentions(verdict.failures,
                 "b/sample.json has no metrics; look at the report, then: leakgate accept sample"));
  cut = baseline;
  std::erase_if(cut.metrics, [](const Metric& m) { return m.name == "allocations_per_request"; });
  verdict = judge(cleanReport(), &cut);
  CHECK(toString(verdict.outcome) == "bad input");
  CHECK(mentions(verdict.failures, "has no allocations_per_request among its metrics"));

  // Metrics that older versions lacked are noted only for a baseline of this version.
  cut = baseline;
  std::erase_if(cut.metrics, [](const Metric& m) { return m.name == "live_bytes_at_warm"; });
  verdict = judge(cleanReport(), &cut);
  CHECK(toString(verdict.outcome) == "pass");
  REQUIRE(verdict.notes.size() == 1);
  CHECK(verdict.notes[0].starts_with("live_bytes_at_warm is not in the baseline and was not compared"));
  cut.runs = 0;
  CHECK(judge(cleanReport(), &cut) == Verdict{});
}

TEST_CASE("a drift without a budget is noted, and fails nothing") {
  Report report = cleanReport();
  report.drift = LatencyDrift{38.8, 29.9, 49.3, 0.001, 20, 5};
  const Verdict verdict = judge(report, nullptr);
  CHECK(toString(verdict.outcome) == "pass");
  CHECK(verdict.notes ==
        std::vector<std::string>{"slower at the end: +38.8 % (95 % interval 29.9 to 49.3); judged "
                                 "only where the scenario has a budget latency_drift_percent"});
}

TEST_CASE("an early end is reported with the requests so far, and the target's end is noted") {
  Report report = leakyReport();
  report.end = RunEnd::targetFailed;
  report.endReason = "the target died\nThe target's last output:\n  too many files\n";
  report.scenario.load.requests = 80'000;
  CHECK(judge(report, nullptr).notes ==
        std::vector<std::string>{"PARTIAL  the target died; judged are 8,000 of 80,000 requests"});
  report = cleanReport();
  report.exitStatus = 128 + 6;
  CHECK(
      judge(report, nullptr).notes ==
      std::vector<std::string>{"the target crashed when it was asked to end (SIGTERM): signal 6 (Aborted)"});
  report.exitStatus = 128 + 15;
  CHECK(judge(report, nullptr).notes.empty());
  report.drained = false;
  CHECK(judge(report, nullptr).notes ==
        std::vector<std::string>{"the target did not end on SIGTERM and was killed"});
  report = cleanReport();
  report.series[1].steady = report.series[2].steady = true;
  report.series[2].idleEventsPerSecond = 200;
  REQUIRE(judge(report, nullptr).notes.size() == 1);
  CHECK(judge(report, nullptr).notes[0].find("some 200 allocations and frees a second") != std::string::npos);
}

TEST_CASE("a leak in the baseline still fails; a fixed one is noted") {
  const Baseline baseline = reduce(leakyReport());
  CHECK(toString(judge(leakyReport(), &baseline).outcome) == "fail");
  const Verdict verdict = judge(cleanReport(), &baseline);
  CHECK(toString(verdict.outcome) == "pass");
  REQUIRE_FALSE(verdict.notes.empty());
  CHECK(verdict.notes[verdict.notes.size() - 2].find("gone since the baseline: LEAK") == 0);
}

TEST_CASE("a baseline of another scenario is bad input") {
  Baseline baseline = reduce(cleanReport());
  baseline.scenarioHash = "fedcba9876543210";
  baseline.file = "reports/baselines/sample.json";
  const Verdict verdict = judge(leakyReport(), &baseline);
  CHECK(toString(verdict.outcome) == "bad input");
  CHECK(mentions(verdict.failures, "reports/baselines/sample.json is of another version of the scenario"));
  CHECK(mentions(verdict.failures, "leakgate accept sample"));
}

TEST_CASE("sampled metrics compare between equal environments, by effect, and only make suspects") {
  Baseline baseline = asBaseline(cleanReport());
  Report report = cleanReport();
  metric(report, "cpu_ns_per_request").value *= 1.09;
  CHECK(judge(report, &baseline).suspects.empty());
  metric(report, "cpu_ns_per_request").value *= 1.02;
  CHECK(judge(report, &baseline).suspects.size() == 1);
  CHECK(toString(judge(report, &baseline).outcome) == "pass");
  baseline.environment.fingerprint = "another";
  CHECK(judge(report, &baseline).suspects.empty());
}

TEST_CASE("suspects fail when every run agrees") {
  Verdict first;
  first.suspects = {{"drift", "slower"}, {"cpu", "more"}};
  Verdict both = first;
  Verdict one;
  one.suspects = {{"drift", "slower"}};

  const Verdict agreed = confirm(first, {both, one});
  CHECK(toString(agreed.outcome) == "fail");
  REQUIRE(agreed.failures.size() == 1);
  CHECK(agreed.failures[0].text == "slower (in each of 3 runs)");
  CHECK(agreed.suspects.empty());
  CHECK(agreed.notes == std::vector<std::string>{"not confirmed by another run: more"});

  CHECK(toString(confirm(first, {Verdict{}, both}).outcome) == "pass");
}

TEST_CASE("the examples of unexpected responses are shown") {
  Report report = cleanReport();
  metric(report, "unexpected_answers").value = 1234;
  report.unexpected = {{"login", 17, "status 500, expected 200"}, {"login", 18, "no response"}};
  CHECK(
      judge(report, nullptr).failures[0].text ==
      "1,234 unexpected responses: step login, request 17: status 500, expected 200; step login, request 18: "
      "no response");
}
