#include "history/history_run.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "report/report_json.hpp"
#include "report/sample_report.hpp"
#include "scenario/input_error.hpp"

using namespace leakgate;

namespace {

Report measured(Report report) {
  report.startedAt = "2026-11-30T05:55:29Z";
  return report;
}

const HistoryValue* find(const HistoryRun& run, const std::string& name) {
  const auto found = std::find_if(run.values.begin(), run.values.end(),
                                  [&](const HistoryValue& value) { return value.name == name; });
  return found == run.values.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("a report's metrics, steps, findings and places are kept") {
  Report report = measured(leakyReport());
  report.steps = {{"login", 1000, 120'000, 250'000, false, 0, 0, 0}};
  const HistoryRun run = historyRunOf(report, {}, "r.json");
  CHECK(run.commit.hash == "c0ffee");
  CHECK(run.commit.time == 1'796'018'129);
  CHECK(run.startedAt == run.commit.time);
  CHECK(run.machine.compiler == "GNU C++20 12.2.0");
  REQUIRE(find(run, "allocations_per_request") != nullptr);
  REQUIRE(find(run, "step.login.p50_ns") != nullptr);
  CHECK(find(run, "step.login.p50_ns")->value == 120'000);
  CHECK((find(run, "step.login.p99_ns")->kind == MetricKind::sampled));
  const auto* growth = find(run, "finding." + report.findings[0].fingerprint + ".bytes_per_event");
  REQUIRE(growth != nullptr);
  CHECK(growth->value == 17);
  CHECK(growth->label.find("h3::Event::setContext") == 0);
  CHECK(std::any_of(run.values.begin(), run.values.end(), [](const HistoryValue& value) {
    return value.name.rfind("place.", 0) == 0 && value.label.find("setContext") != std::string::npos;
  }));
}

TEST_CASE("what a place allocates is per measured request, with the blocks added to follow a leak") {
  Report report = measured(leakyReport());
  report.look.requests = 4000;
  report.sites.resize(1);
  report.sites[0].allocations = 2000;
  const HistoryRun run = historyRunOf(report, {}, "r.json");
  const auto place = std::find_if(run.values.begin(), run.values.end(), [](const HistoryValue& value) {
    return value.name.rfind("place.", 0) == 0;
  });
  REQUIRE(place != run.values.end());
  CHECK(place->value == 0.5);
}

TEST_CASE("metrics without a better direction are kept only with a budget") {
  Report report = measured(cleanReport());
  CHECK(find(historyRunOf(report, {}, "r.json"), "requests") == nullptr);
  report.scenario.budgets["requests"] = {};
  CHECK(find(historyRunOf(report, {}, "r.json"), "requests") != nullptr);
}

TEST_CASE("a report's identity is that of its content") {
  const Report report = measured(cleanReport());
  const HistoryRun run = historyRunOf(report, {}, "r.json");
  CHECK(run.identity.size() == 16);
  CHECK(historyRunOf(parseReport(toText(toJson(report)), "r"), {"", {"parent"}, 5}, "r").identity ==
        run.identity);
  Report other = report;
  other.startedAt = "2026-11-30T05:55:30Z";
  CHECK(historyRunOf(other, {}, "r").identity != run.identity);
  other = report;
  other.metrics[0].value += 1;
  CHECK(historyRunOf(other, {}, "r").identity != run.identity);
}

TEST_CASE("exact counts compare on another processor and kernel, not with another compiler or libc") {
  Report report = measured(cleanReport());
  const auto keyOf = [&] { return historyRunOf(report, {}, "r").machine.countsKey; };
  const std::string key = keyOf();
  report.environment.cpu = "another";
  report.environment.kernel = "Linux 7";
  CHECK(keyOf() == key);
  report.environment.libc = "glibc 2.41";
  CHECK(keyOf() != key);
}

TEST_CASE("a report without a commit or a time is refused by its field") {
  Report report = measured(cleanReport());
  report.environment.commit.clear();
  CHECK_THROWS_WITH_AS(historyRunOf(report, {}, "r.json"),
                       doctest::Contains("r.json: environment.commit: found \"\""), InputError);
  report = measured(cleanReport());
  report.startedAt = "yesterday";
  CHECK_THROWS_WITH_AS(historyRunOf(report, {}, "r.json"),
                       doctest::Contains("r.json: run.started_at: found \"yesterday\""), InputError);
}

TEST_CASE("a finding or place that a run does not list is zero there; a metric is unknown") {
  CHECK(absentMeansZero("finding.0011.bytes_per_event"));
  CHECK(absentMeansZero("place.0011.allocations_per_request"));
  CHECK_FALSE(absentMeansZero("step.login.p50_ns"));
}
