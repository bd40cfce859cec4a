#include "gate/compare.hpp"

#include <doctest/doctest.h>

#include "report/sample_report.hpp"

using namespace leakgate;

namespace {

std::string changeOf(const Comparison& comparison, const std::string& name) {
  for (const auto& change : comparison.metrics) {
    if (change.after.name == name) return std::string(toString(change.change));
  }
  return "absent";
}

}  // namespace

TEST_CASE("equal reports") {
  const auto comparison = compare(asBaseline(leakyReport()), leakyReport());
  CHECK_FALSE(comparison.regressed());
  CHECK(comparison.newFindings.empty());
  CHECK(comparison.goneFindings.empty());
  CHECK(changeOf(comparison, "live_bytes_growth") == "same");
  CHECK(changeOf(comparison, "requests") == "absent");  // has no direction
}

TEST_CASE("a new leak, and one that is gone") {
  const auto worse = compare(asBaseline(cleanReport()), leakyReport());
  CHECK(worse.regressed());
  CHECK(worse.newFindings.size() == 1);
  CHECK(changeOf(worse, "live_bytes_growth") == "worse");
  const auto better = compare(asBaseline(leakyReport()), cleanReport());
  CHECK_FALSE(better.regressed());
  CHECK(better.goneFindings.size() == 1);
  CHECK(changeOf(better, "live_bytes_growth") == "better");
}

TEST_CASE("a second leak in a function that leaked before is new") {
  Report twice = leakyReport();
  twice.findings.push_back(twice.findings[0]);
  const auto comparison = compare(asBaseline(leakyReport()), twice);
  CHECK(comparison.newFindings.size() == 1);
  CHECK(comparison.goneFindings.empty());
  CHECK(compare(asBaseline(twice), leakyReport()).goneFindings.size() == 1);
}

TEST_CASE("a site in one run and its parts in the other are the same leak") {
  const Report whole = leakyReport();
  Report parts = whole;
  parts.findings.push_back(parts.findings[0]);
  for (std::size_t i = 0; i < 2; ++i) {
    parts.findings[i].site = whole.findings[0].fingerprint;
    parts.findings[i].fingerprint = "part " + std::to_string(i);
  }
  // One of them was known.
  CHECK(compare(asBaseline(whole), parts).newFindings.size() == 1);
  CHECK(compare(asBaseline(whole), parts).goneFindings.empty());
  CHECK(compare(asBaseline(parts), whole).newFindings.empty());
  CHECK(compare(asBaseline(parts), whole).goneFindings.size() == 1);
  CHECK_FALSE(compare(asBaseline(parts), parts).regressed());
  Report another = parts;
  another.findings[1].fingerprint = "another line";
  CHECK(compare(asBaseline(parts), another).newFindings.size() == 1);
}

TEST_CASE("sampled differences never fail a diff") {
  Report slow = cleanReport();
  for (auto& metric : slow.metrics) {
    if (metric.kind == MetricKind::sampled && metric.value > 0)
      metric.value *= metric.name == "throughput_rps" ? 0.5 : 2;
  }
  const auto comparison = compare(asBaseline(cleanReport()), slow);
  CHECK(changeOf(comparison, "cpu_ns_per_request") == "worse");
  CHECK(changeOf(comparison, "throughput_rps") == "worse");
  CHECK_FALSE(comparison.regressed());
  Report slowdown = cleanReport();
  slowdown.findings.emplace_back().growth.kind = FindingKind::slowdown;
  CHECK_FALSE(compare(asBaseline(cleanReport()), slowdown).regressed());
}

TEST_CASE("the median latency needs the windows to differ") {
  const auto withP50 = [](double p50, double spread) {
    Report report = cleanReport();
    for (auto& metric : report.metrics) {
      if (metric.name == "latency.p50_ns") metric.value = p50;
    }
    for (int w = 0; w < 80; ++w) report.windows.push_back({100, p50, p50 + spread * (w % 9 - 4), p50});
    return report;
  };
  CHECK(changeOf(compare(asBaseline(withP50(1000, 10)), withP50(1200, 10)), "latency.p50_ns") == "worse");
  CHECK(changeOf(compare(asBaseline(withP50(1000, 10)), withP50(1050, 10)), "latency.p50_ns") == "same");
  CHECK(changeOf(compare(asBaseline(withP50(1000, 900)), withP50(1110, 900)), "latency.p50_ns") == "same");
}

TEST_CASE("an exact metric that was not measured any more is named") {
  Report report = cleanReport();
  std::erase_if(report.metrics, [](const Metric& m) { return m.name == "descriptors_growth"; });
  CHECK(compare(asBaseline(cleanReport()), report).missing == std::vector<std::string>{"descriptors_growth"});
}

TEST_CASE("a spread on the older side compares as one, and so does one that repeats of the newer measured") {
  const auto change = [](const Report& before, const Report& after) {
    return changeOf(compare(asBaseline(before), after), "allocations_per_request");
  };
  const Spread was{6, 0.49, 0.76};
  CHECK(change(allocating(0.5, was, 0), allocating(0.8, {}, 0)) == "same");
  CHECK(change(allocating(0.5, was, 0), allocating(1.6, {}, 0)) == "worse");
  CHECK(change(allocating(1.6, Spread{6, 1.5, 1.7}, 0), allocating(0.5, {}, 0)) == "better");
  CHECK(change(allocating(0.5, {}, 0), allocating(0.51, {}, 0)) == "worse");  // both exact
  CHECK(change(allocating(0.5, {}, 0), allocating(0.51, Spread{2, 0.5, 0.51}, 0)) == "same");
  CHECK(change(allocating(0.5, {}, 0), allocating(2.5, Spread{5, 2.4, 2.6}, 0)) == "worse");
}

TEST_CASE("a spread fails a diff only when runs were repeated") {
  const auto regressed = [](Report before, Report after) {
    return compare(asBaseline(before), after).regressed();
  };
  CHECK(regressed(allocating(0.5, Spread{6, 0.49, 0.76}, 0), allocating(1.6, {}, 0)));
  Report once = allocating(0.5, {}, 0);
  for (auto& metric : once.metrics) {
    if (metric.name == "allocations_per_request") metric.kind = MetricKind::spread;
  }
  CHECK_FALSE(regressed(once, allocating(1.6, {}, 0)));
  CHECK(changeOf(compare(asBaseline(once), allocating(1.6, {}, 0)), "allocations_per_request") == "worse");
}

TEST_CASE("the steady part of the allocations is exact where their sum is not") {
  const auto change = [](const Report& before, const Report& after) {
    return changeOf(compare(asBaseline(before), after), "steady_allocations_per_request");
  };
  const Spread was{6, 4, 9};
  CHECK(change(allocating(5, was, 3), allocating(6, {}, 3)) == "same");
  CHECK(change(allocating(5, was, 3), allocating(7.5, {}, 4)) == "worse");  // one more, and the sum rose
  CHECK(change(allocating(5, was, 3), allocating(4.25, {}, 4)) ==
        "not compared");  // became steady, no more of them
  CHECK(change(allocating(5, {}, 3), allocating(6, {}, 4)) == "not compared");  // the sum decides
}
