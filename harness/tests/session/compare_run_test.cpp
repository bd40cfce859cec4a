#include "session/compare_run.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

#include "analysis/metrics.hpp"
#include "gate/report_diff.hpp"
#include "replay/measure_error.hpp"
#include "report/sample_report.hpp"

using namespace leakgate;

namespace {

// Two servers on one machine. The second costs `changePercent` more CPU.
struct FakeSides {
  double changePercent = 0;
  std::function<Report(CompareSide)> count = [](CompareSide) { return cleanReport(); };
  std::function<double(unsigned call)> control = [](unsigned) { return 1e6; };
  std::function<double(CompareSide)> instructions;  ///< empty: not counted
  std::optional<double> rate;
  std::vector<double> rates;  ///< of the starts, that which chooses the rate first
  unsigned counted = 0;
  unsigned started = 0;
  unsigned stopAfter = 1'000'000;
  std::vector<unsigned> announced;
  std::array<std::vector<std::size_t>, 2> paddings;  ///< of the starts of a, and of b

  CompareResult run(unsigned rounds) {
    std::mt19937_64 random(5);
    std::normal_distribution<double> noise(0, 0.005);
    unsigned controls = 0;
    CompareSteps steps;
    steps.count = [&](CompareSide side) {
      ++counted;
      return count(side);
    };
    steps.instructions = instructions;
    steps.start = [&](CompareSide side, const StartSettings& settings) {
      rates.push_back(settings.openLoopRate);
      Report report = cleanReport();
      report.metrics.push_back({"open_loop.p50_ns", 30'000, "ns", MetricKind::sampled});
      if (settings.openLoopRate == 0) return report;
      paddings[static_cast<std::size_t>(side)].push_back(settings.paddingBytes);
      if (++started > stopAfter) throw Interrupted();
      const double change = side == CompareSide::b ? 1 + changePercent / 100 : 1;
      for (auto& metric : report.metrics)
        if (metric.name == "cpu_ns_per_request") metric.value = 20'000 * change * std::exp(noise(random));
      return report;
    };
    steps.control = [&] { return control(controls++); };
    steps.estimated = [&](unsigned left, std::chrono::duration<double>) { announced.push_back(left); };
    return compareBySteps({rounds, {}, 1, rate}, steps);
  }
};

const SideChange& cpuOf(const CompareResult& result) {
  for (const SideChange& change : result.sampled.changes)
    if (change.metric == "cpu_ns_per_request") return change;
  FAIL("no CPU");
  return result.sampled.changes.front();
}

}  // namespace

TEST_CASE("compare: the same server, and one that costs 5 % more") {
  FakeSides same;
  const CompareResult equal = same.run(12);
  CHECK((cpuOf(equal).verdict == SideVerdict::same));
  CHECK(equal.rounds == 12);
  CHECK(equal.voidRounds == 0);
  CHECK(same.started == 48);
  CHECK(same.counted == 2);
  CHECK(equal.seesPercent.size() == equal.sampled.changes.size());
  CHECK(same.announced.front() == 48);  // before the first start
  CHECK(same.announced.back() == 0);

  FakeSides slower;
  slower.changePercent = 5;
  const CompareResult worse = slower.run(12);
  CHECK((cpuOf(worse).verdict == SideVerdict::worse));
  CHECK(cpuOf(worse).percent == doctest::Approx(5).epsilon(0.1));
}

TEST_CASE("compare: the open loop has half the rate that side a manages, or the one that is asked for") {
  FakeSides half;
  const CompareResult result = half.run(8);
  const double throughput = findMetric(cleanReport().metrics, "throughput_rps")->value;
  REQUIRE(throughput > 0);
  CHECK(result.openLoopRate == throughput / 2);
  CHECK(half.rates.size() == 33);
  CHECK(half.rates.front() == 0);
  CHECK(std::set(half.rates.begin() + 1, half.rates.end()) == std::set{throughput / 2});
  const auto& changes = result.sampled.changes;
  CHECK(std::any_of(changes.begin(), changes.end(),
                    [](const SideChange& change) { return change.metric == "open_loop.p50_ns"; }));

  FakeSides asked;
  asked.rate = 250;
  CHECK(asked.run(8).openLoopRate == 250);
  CHECK(asked.rates == std::vector<double>(32, 250));

  FakeSides none;
  none.rate = 0;
  CHECK(none.run(8).openLoopRate == 0);
  CHECK(none.rates == std::vector<double>(32, 0));
}

TEST_CASE("compare: instructions are counted once, and three times where they differ") {
  FakeSides same;
  same.instructions = [](CompareSide) { return 3'270.25; };
  const CompareResult equal = same.run(0);
  CHECK(equal.instructionRuns == 1);
  CHECK(findMetric(equal.b.metrics, kInstructions)->value == 3'270.25);
  CHECK_FALSE(diffReports(equal.a, equal.b).regressed());

  FakeSides more;
  more.instructions = [](CompareSide side) { return side == CompareSide::a ? 3'270 : 3'271; };
  const CompareResult exact = more.run(0);
  CHECK(exact.instructionRuns == 3);
  CHECK(diffReports(exact.a, exact.b).regressed());  // all runs agree: by however little

  FakeSides noisy;
  noisy.instructions = [run = 0](CompareSide) mutable { return 3'270 + run++; };
  const CompareResult spread = noisy.run(0);
  CHECK((findMetric(spread.b.metrics, kInstructions)->kind == MetricKind::spread));
  CHECK_FALSE(diffReports(spread.a, spread.b).regressed());
  CHECK(findMetric(FakeSides().run(0).a.metrics, kInstructions) == nullptr);
}

TEST_CASE("compare: the largest live heap is compared with a tolerance, and measured again beyond it") {
  const auto comparedTo = [](std::int64_t bytes) {
    FakeSides sides;
    sides.count = [bytes](CompareSide side) {
      Report report = cleanReport();
      report.series[2].liveBytes = side == CompareSide::a ? 1'000'000 : bytes;
      return report;
    };
    return sides.run(0);
  };
  const CompareResult longerPath = comparedTo(1'000'040);
  CHECK(longerPath.countRuns == 1);
  CHECK_FALSE(diffReports(longerPath.a, longerPath.b).regressed());
  const CompareResult larger = comparedTo(1'020'000);
  CHECK(larger.countRuns == 3);
  CHECK(findMetric(larger.b.metrics, kLiveBytesLargest)->value == 1'020'000);
  CHECK(diffReports(larger.a, larger.b).regressed());
}

TEST_CASE("compare: 2 % between two programs may be layout, unless they execute other instructions") {
  const auto cpuChange = [](double percent, const char* buildId, double instructions) {
    FakeSides sides;
    sides.changePercent = percent;
    sides.count = [buildId](CompareSide side) {
      Report report = cleanReport();
      if (side == CompareSide::b) report.environment.modules = {{"server", buildId}};
      return report;
    };
    if (instructions > 0)
      sides.instructions = [=](CompareSide side) { return side == CompareSide::a ? 3'000 : instructions; };
    return cpuOf(sides.run(12));
  };
  const std::string same = cleanReport().environment.modules.front().buildId;
  const SideChange linkedAnew = cpuChange(2, "0100", 0);
  CHECK((linkedAnew.verdict == SideVerdict::cannotTell));
  CHECK(linkedAnew.mayBeLayout);
  CHECK((cpuChange(2, "0100", 3'000).verdict == SideVerdict::cannotTell));
  CHECK((cpuChange(2, "0100", 2'900).verdict == SideVerdict::cannotTell));
  CHECK((cpuChange(2, "0100", 3'060).verdict == SideVerdict::worse));
  CHECK((cpuChange(-2, "0100", 2'940).verdict == SideVerdict::better));
  CHECK((cpuChange(2, same.c_str(), 0).verdict == SideVerdict::worse));
  CHECK((cpuChange(5, "0100", 0).verdict == SideVerdict::worse));
}

TEST_CASE("compare: both sides start in the same environments, each round in others") {
  FakeSides sides;
  sides.run(12);
  CHECK(sides.paddings[0].size() == 24);
  CHECK(sides.paddings[0] == sides.paddings[1]);
  CHECK(std::set(sides.paddings[0].begin(), sides.paddings[0].end()).size() > 20);
}

TEST_CASE("compare: counts that differ are measured twice more, and exact only if all runs agree") {
  FakeSides differ;
  differ.count = [](CompareSide side) { return allocating(side == CompareSide::b ? 4 : 3, std::nullopt, 3); };
  const CompareResult exact = differ.run(0);
  CHECK(differ.counted == 6);
  CHECK(differ.started == 0);
  CHECK(exact.countRuns == 3);
  CHECK((findMetric(exact.b.metrics, "allocations_per_request")->kind == MetricKind::exact));

  FakeSides varying;
  varying.count = [&](CompareSide) { return allocating(3 + varying.counted, std::nullopt, 3); };
  const CompareResult spread = varying.run(0);
  CHECK((findMetric(spread.b.metrics, "allocations_per_request")->kind == MetricKind::spread));
}

TEST_CASE("compare: a round in which the control moves is void and repeated, within a bound") {
  FakeSides once;
  once.control = [](unsigned call) { return call == 20 ? 1.3e6 : 1e6; };
  const CompareResult repeated = once.run(12);
  CHECK(repeated.rounds == 12);
  CHECK(repeated.voidRounds == 1);
  CHECK(once.started == 52);

  FakeSides always;
  always.control = [](unsigned call) { return call % 2 == 0 ? 1e6 : 2e6 + 1e5 * call; };
  const CompareResult none = always.run(12);
  CHECK(none.voidRounds + none.rounds == 18);
  CHECK(none.rounds < 12);
}

TEST_CASE("compare: Ctrl-C compares the rounds up to then") {
  FakeSides stopped;
  stopped.changePercent = 5;
  stopped.stopAfter = 50;
  const CompareResult result = stopped.run(24);
  CHECK(result.interrupted);
  CHECK(result.rounds == 12);
  CHECK((cpuOf(result).verdict == SideVerdict::worse));

  FakeSides early;
  early.stopAfter = 2;
  CHECK(early.run(24).sampled.changes.empty());
}

TEST_CASE("the fixed loop takes CPU time") { CHECK(timeFixedLoop() > 0); }
