#include "cli/compare_text.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <optional>

#include "report/sample_report.hpp"
#include "report/schema_error.hpp"

using namespace leakgate;

namespace {

SideChange changed(const std::string& metric, double percent, SideVerdict verdict) {
  SideChange change;
  change.metric = metric;
  change.unit = "ns";
  change.a = 20'000;
  change.b = 20'000 * (1 + percent / 100);
  change.percent = percent;
  change.interval = {percent - 0.5, percent + 0.5};
  change.verdict = verdict;
  return change;
}

CompareResult comparedTo(Report b, SideVerdict cpu) {
  CompareResult result;
  result.a = cleanReport();
  result.b = std::move(b);
  result.countRuns = 1;
  result.rounds = 24;
  result.voidRounds = 2;
  result.sampled.changes = {changed("cpu_ns_per_request", 2, cpu),
                            changed("latency.p50_ns", 0, SideVerdict::same)};
  result.sampled.control = changed("control", 0, SideVerdict::same);
  result.sampled.sameSideTests = 4;
  result.seesPercent = {0.8, 1.2};
  return result;
}

}  // namespace

TEST_CASE("compare's verdict: worse before cannot tell before better before same") {
  CHECK((overallVerdict(comparedTo(cleanReport(), SideVerdict::same)) == SideVerdict::same));
  CHECK((overallVerdict(comparedTo(cleanReport(), SideVerdict::better)) == SideVerdict::better));
  CHECK((overallVerdict(comparedTo(cleanReport(), SideVerdict::cannotTell)) == SideVerdict::cannotTell));
  CHECK((overallVerdict(comparedTo(cleanReport(), SideVerdict::worse)) == SideVerdict::worse));
  CHECK((overallVerdict(comparedTo(leakyReport(), SideVerdict::better)) == SideVerdict::worse));
  CompareResult fixed = comparedTo(cleanReport(), SideVerdict::same);
  fixed.a = leakyReport();
  CHECK((overallVerdict(fixed) == SideVerdict::better));
}

TEST_CASE("compare's text: verdict, sides, interval, what it sees, control and A/A") {
  const std::string text =
      compareText(comparedTo(cleanReport(), SideVerdict::worse), {}, "login", {"main (aaa)", "HEAD (bbb)"});
  CAPTURE(text);
  CHECK(text.starts_with("WORSE  login\n  a  main (aaa)\n  b  HEAD (bbb)\n"));
  CHECK(holds(text, "Over 24 rounds of 4 starts in balanced random order; 2 more are void"));
  CHECK(holds(text, "99 % interval"));
  CHECK(holds(text, "+2.00 %"));
  CHECK(holds(text, "+1.50 to +2.50 %"));
  CHECK(holds(text, "0.8 %"));
  CHECK(holds(text, "same within 1 %"));
  CHECK(holds(text, "A/A: 0 of 4"));
  CHECK_FALSE(holds(text, "Layout"));
  CompareResult small = comparedTo(cleanReport(), SideVerdict::cannotTell);
  small.sampled.changes[0].mayBeLayout = true;
  CHECK(holds(compareText(small, {}, "login", {}), "Layout: cpu_ns_per_request changed by less than 3 %"));
  CHECK(holds(compareText(small, {}, "login", {}), "--instructions counts what no layout can move"));
  small.instructionRuns = 3;
  CHECK(holds(compareText(small, {}, "login", {}), "The instructions per request did not change that way"));
  CompareResult busier = comparedTo(cleanReport(), SideVerdict::same);
  for (Metric& metric : busier.b.metrics)
    if (metric.kind == MetricKind::sampled) metric.value = 3 * metric.value + 1;
  CHECK_FALSE(
      holds(compareText(busier, {}, "login", {}), "Not judged"));  // only starts say something of times
  CompareResult busy = comparedTo(cleanReport(), SideVerdict::same);
  busy.sampled.changes.clear();
  busy.rounds = 0;
  busy.voidRounds = 36;
  CHECK(holds(compareText(busy, {}, "login", {}), "36 of 36 rounds are void"));
  CHECK_FALSE(holds(compareText(busy, {0, {}, 1}, "login", {}), "rounds"));
}

TEST_CASE("compare's text: a row for each of the main counts, and the rate of the open loop") {
  CompareResult result = comparedTo(cleanReport(), SideVerdict::same);
  const auto add = [&](const char* name, double a, double b, MetricKind kind, std::optional<Spread> spread) {
    result.a.metrics.push_back({name, a, "B", kind, Direction::lower});
    result.b.metrics.push_back({name, b, "B", kind, Direction::lower, spread});
  };
  add("live_bytes_largest", 1'000'000, 1'020'000, MetricKind::spread, Spread{3, 1'020'000, 1'021'000});
  add("instructions_per_request", 3'270, 3'270, MetricKind::exact, {});
  result.openLoopRate = 1'234.5;
  const std::string text = compareText(result, {}, "login", {});
  CAPTURE(text);
  const auto row = [&](const std::string& name) {
    const std::string from = text.substr(text.rfind("\n" + name) + 1);
    return from.substr(0, from.find('\n'));
  };
  CHECK(holds(row("live_bytes_largest"), "1,000,000 B  1,020,000 B to 1,021,000 B  +2.0 %  spread  worse"));
  CHECK(holds(row("instructions_per_request"), "exact   same"));
  CHECK(holds(row("allocations_per_request"), "exact   same"));
  CHECK(holds(text, "Open loop: 1234 requests a second, each latency from when"));
}

TEST_CASE("compare's text says why there is no interval") {
  CompareResult few = comparedTo(cleanReport(), SideVerdict::cannotTell);
  const std::string enough = compareText(few, {}, "login", {});
  CHECK_FALSE(holds(enough, "too few"));
  few.rounds = 7;
  CHECK(
      holds(compareText(few, {}, "login", {}), "7 rounds are too few for an interval of 99 %: it takes 8."));
  few.rounds = 1;
  CHECK(holds(compareText(few, {}, "login", {}), "1 round is too few"));
}

TEST_CASE("compare's JSON is valid, also without an interval") {
  CompareResult result = comparedTo(leakyReport(), SideVerdict::worse);
  CHECK(errorIn(nlohmann::json(compareJson(result, {}, "login", {"a", "b"})), "compare-1.schema.json") == "");
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  result.sampled.changes[0].interval = {-kInfinite, kInfinite};
  result.seesPercent[0] = kInfinite;
  const nlohmann::json json = compareJson(result, {}, "login", {"a", "b"});
  CHECK(errorIn(json, "compare-1.schema.json") == "");
  CHECK(json["changes"][0]["percent_low"].is_null());
  CHECK(json["changes"][0]["percent_high"].is_null());
  CHECK(json["changes"][0]["sees_percent"].is_null());
  CompareResult counts = comparedTo(cleanReport(), SideVerdict::same);
  counts.sampled = {};
  counts.seesPercent.clear();
  counts.rounds = 0;
  CHECK(errorIn(nlohmann::json(compareJson(counts, {}, "login", {})), "compare-1.schema.json") == "");
}
