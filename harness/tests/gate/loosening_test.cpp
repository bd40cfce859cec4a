#include "gate/loosening.hpp"

#include <doctest/doctest.h>

#include <functional>

#include "report/sample_report.hpp"

using namespace leakgate;

namespace {

// A scenario and its baseline, as one revision has them.
struct Revision {
  Report report = cleanReport();
  Baseline baseline = reduce(report);
  bool accepted = true;

  GateTerms terms() const { return {&report.scenario, accepted ? &baseline : nullptr}; }

  Revision& count(const std::string& name, double value, std::optional<Spread> spread = std::nullopt) {
    for (auto& metric : baseline.metrics) {
      if (metric.name != name) continue;
      metric.value = value;
      metric.spread = spread;
      if (spread) metric.kind = MetricKind::spread;
    }
    return *this;
  }

  Revision& budget(const std::string& name, std::optional<double> min, std::optional<double> max) {
    report.scenario.budgets[name] = {min, max};
    return *this;
  }
};

std::string linesOf(const std::vector<Loosening>& list) {
  std::string text;
  for (const auto& one : list) text += one.subject + ": " + one.from + " -> " + one.to + "\n";
  return text;
}

std::string between(const Revision& before, const Revision& after) {
  return linesOf(loosenings(before.terms(), after.terms()));
}

const std::string kAllocations = "allocations_per_request";

}  // namespace

TEST_CASE("a count that was accepted higher is looser, a lower one is not") {
  CHECK(between(Revision(), Revision()).empty());
  CHECK(between(Revision().count(kAllocations, 3), Revision().count(kAllocations, 3.001)) ==
        "allocations_per_request: 3 blocks -> 3.001 blocks\n");
  CHECK(between(Revision().count(kAllocations, 3), Revision().count(kAllocations, 2)).empty());
  // Growth at or below zero is never worse.
  CHECK(
      between(Revision().count("live_bytes_growth", -64), Revision().count("live_bytes_growth", 0)).empty());
}

TEST_CASE("a count that varies is looser beyond its tolerance only") {
  const Revision before = Revision().count(kAllocations, 0.5, Spread{6, 0.4, 0.6});
  CHECK(between(before, Revision().count(kAllocations, 0.6, Spread{6, 0.5, 0.7})).empty());
  CHECK(between(before, Revision().count(kAllocations, 1.6, Spread{6, 1.5, 1.7})) ==
        "allocations_per_request: 0.4 to 0.6 blocks in 6 runs -> 1.5 to 1.7 blocks in 6 runs\n");
}

TEST_CASE("budgets: what passed no run before and may pass now") {
  struct Row {
    Revision before;
    Revision after;
    const char* expected;
  };
  const Row rows[] = {
      {Revision().budget(kAllocations, {}, 3), Revision().budget(kAllocations, {}, 4),
       "allocations_per_request: at most 3 blocks -> at most 4 blocks\n"},
      {Revision().budget(kAllocations, {}, 3), Revision().budget(kAllocations, {}, 2), ""},
      {Revision().budget("event_pool.reuse_ratio", 0.9, {}), Revision(),
       "event_pool.reuse_ratio: at least 0.9 -> no limit\n"},
      // The baseline had refused what the new budget allows.
      {Revision(), Revision().budget("live_bytes_per_request", {}, 64),
       "live_bytes_per_request: 0 B -> at most 64 B\n"},
      {Revision(), Revision().budget("live_bytes_per_request", {}, 0), ""},
      // Growth of a kind that no baseline counts is a finding, and a finding fails.
      {Revision(), Revision().budget("files_growth", {}, 100), "files_growth: none -> at most 100\n"},
      {Revision().budget("files_growth", {}, 100), Revision(), ""},
      // A drift is judged only where a budget asks for it.
      {Revision(), Revision().budget("latency_drift_percent", {}, 20), ""},
      // Without the budget the baseline's count holds.
      {Revision().budget(kAllocations, {}, 3), Revision().count(kAllocations, 2), ""},
      {Revision().budget(kAllocations, {}, 3), Revision().count(kAllocations, 4),
       "allocations_per_request: at most 3 blocks -> 4 blocks\n"},
      // The budget alone judges: a higher count in the baseline lets nothing pass.
      {Revision().budget(kAllocations, {}, 3).count(kAllocations, 1),
       Revision().budget(kAllocations, {}, 3).count(kAllocations, 2), ""},
      {Revision(), Revision().budget("unexpected_answers", {}, 5), "unexpected_answers: 0 -> at most 5\n"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.expected);
    CHECK(between(row.before, row.after) == row.expected);
  }
}

TEST_CASE("a baseline that is gone, and a count that is") {
  Revision gone;
  gone.accepted = false;
  const std::string count = std::to_string(Revision().baseline.metrics.size());
  CHECK(between(Revision(), gone) == "baseline: " + count + " counts -> none\n");
  CHECK(between(gone, Revision()).empty());
  Revision shortened;
  std::erase_if(shortened.baseline.metrics, [](const Metric& m) { return m.name == "threads_growth"; });
  CHECK(between(Revision(), shortened) == "threads_growth: 0 -> not in the baseline\n");
}

TEST_CASE("the steady part of the allocations is compared only where their sum varies") {
  const auto steady = [](double value) { return Revision().count("steady_allocations_per_request", value); };
  CHECK(between(steady(1), steady(2)).empty());
  const Spread varies{6, 3, 5};
  CHECK(between(steady(1).count(kAllocations, 4, varies), steady(2).count(kAllocations, 4, varies)) ==
        "steady_allocations_per_request: 1 blocks -> 2 blocks\n");
}

TEST_CASE("the reason is the newest since that names the subject") {
  Revision before;
  before.baseline.log = {{"2026-01-01", "a", "an old one", {{kAllocations, "0", "1"}}}};
  Revision after = before;
  after.count(kAllocations, 3).budget("live_bytes_per_request", {}, 64);
  const auto reasonOf = [&](std::size_t at) {
    return loosenings(before.terms(), after.terms()).at(at).reason;
  };
  CHECK(reasonOf(0) == "");
  after.baseline.log.push_back({"2026-02-02", "b", "a cache", {{kAllocations, "0", "2"}}});
  after.baseline.log.push_back({"2026-02-03", "c", "sessions are kept", {}});
  CHECK(reasonOf(0) == "a cache (2026-02-02)");
  CHECK(reasonOf(1) == "sessions are kept (2026-02-03)");  // a budget is in no baseline
}

TEST_CASE("a loosening in one line") {
  CHECK(looseningLine({"m", "0 B", "3 B", "why (2026-02-02)"}, "origin/main", "login") ==
        "LOOSENED  m: 3 B, was 0 B in origin/main; reason: why (2026-02-02)");
  CHECK(looseningLine({"m", "0 B", "3 B"}, "main", "login") ==
        "LOOSENED  m: 3 B, was 0 B in main; no reason given: leakgate accept login --reason TEXT");
  CHECK(looseningLine({"scenario", "gated", "gone"}, "main", "") ==
        "LOOSENED  scenario: gone, was gated in main");
  CHECK(looseningLine({"m", "0 B", "3 B", "\x1b[2J"}, "main", "login").find('\x1b') == std::string::npos);
}

TEST_CASE("suppressions that are new, whichever line they are in") {
  const std::vector<Suppression> before{{"SSL_new", "leaks", 1, 0}};
  const std::vector<Suppression> after{{"cache", "leaks", 1, 0}, {"SSL_new", "leaks", 2, 0}};
  CHECK(linesOf(loosenedSuppressions(before, after)) == "suppression leak:cache: none -> leaks:1\n");
  CHECK(loosenedSuppressions(after, before).empty());
}
