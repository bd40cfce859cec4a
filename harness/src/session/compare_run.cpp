#include "session/compare_run.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <map>
#include <utility>

#include "analysis/metrics.hpp"
#include "analysis/repeated_metrics.hpp"
#include "analysis/statistics.hpp"
#include "comparison/smallest_change.hpp"
#include "gate/compare.hpp"
#include "replay/measure_error.hpp"

namespace leakgate {

namespace {

using Clock = std::chrono::steady_clock;

struct SampledMetric {
  std::string_view name;
  std::string_view unit;
  Direction direction;
};
constexpr std::string_view kLargestRss = "rss_largest_bytes";
constexpr std::string_view kThroughput = "throughput_rps";
constexpr std::array<SampledMetric, 6> kSampled{{{"cpu_ns_per_request", "ns", Direction::lower},
                                                 {"latency.p50_ns", "ns", Direction::lower},
                                                 {"open_loop.p50_ns", "ns", Direction::lower},
                                                 {"open_loop.p99_ns", "ns", Direction::lower},
                                                 {kThroughput, "1/s", Direction::higher},
                                                 {kLargestRss, "B", Direction::lower}}};

template <class Value>
double largestOf(const Report& report, Value SeriesPoint::*value) {
  Value largest = 0;
  for (const SeriesPoint& point : report.series) largest = std::max(largest, point.*value);
  return static_cast<double>(largest);
}

// A spread: the length of a path alone may change it.
Metric largestHeapOf(const Report& report) {
  return {std::string(kLiveBytesLargest), largestOf(report, &SeriesPoint::liveBytes), "B", MetricKind::spread,
          Direction::lower};
}

double readingOf(const Report& report, std::string_view name) {
  if (name == kLargestRss) return largestOf(report, &SeriesPoint::rssBytes);
  const Metric* metric = findMetric(report.metrics, name);
  return metric == nullptr ? 0 : metric->value;
}

struct Start {
  std::array<double, kSampled.size()> readings{};
  double control = 0;
};

// The starts of a round, by side, in their order.
struct Round {
  std::array<Start, 2> a;
  std::array<Start, 2> b;

  template <class Visit>
  void each(Visit visit) const {
    for (const auto* side : {&a, &b})
      for (const Start& start : *side) visit(start);
  }
};

class Comparing {
 public:
  Comparing(const ComparePlan& plan, const CompareSteps& steps) : plan_(plan), steps_(steps) {}

  CompareResult run() {
    countSides();
    countInstructions();
    try {
      startSides();
    } catch (const Interrupted&) {
      result_.interrupted = true;
    }
    judge();
    return std::move(result_);
  }

 private:
  static constexpr unsigned kMoreCounts = 2;

  void countSides() {
    begin_ = Clock::now();
    const auto counted = [this](CompareSide side) {
      Report report = steps_.count(side);
      report.metrics.push_back(largestHeapOf(report));
      return report;
    };
    result_.a = counted(CompareSide::a);
    result_.b = counted(CompareSide::b);
    const auto more = [&](CompareSide side) { return counted(side).metrics; };
    result_.countRuns = 1 + repeatIfDifferent(result_.a.metrics, result_.b.metrics, more);
    perRun_ = (Clock::now() - begin_) / (2.0 * result_.countRuns);
  }

  void countInstructions() {
    if (!steps_.instructions) return;
    const auto counted = [this](CompareSide side) -> std::vector<Metric> {
      return {{std::string(kInstructions), steps_.instructions(side), "1", MetricKind::exact}};
    };
    std::vector<Metric> a = counted(CompareSide::a);
    std::vector<Metric> b = counted(CompareSide::b);
    result_.instructionRuns = 1 + repeatIfDifferent(a, b, counted);
    result_.a.metrics.push_back(a.front());
    result_.b.metrics.push_back(b.front());
  }

  // Only what several runs agree on is exact. Returns how many more of each side there were.
  template <class More>
  static unsigned repeatIfDifferent(std::vector<Metric>& a, std::vector<Metric>& b, More more) {
    if (variedCounts(a, b).empty() && !heapDiffers(a, b)) return 0;
    std::vector<std::vector<Metric>> moreOfA;
    std::vector<std::vector<Metric>> moreOfB;
    for (unsigned k = 0; k < kMoreCounts; ++k) {
      moreOfA.push_back(more(CompareSide::a));
      moreOfB.push_back(more(CompareSide::b));
    }
    addRepeats(a, moreOfA);
    addRepeats(b, moreOfB);
    return kMoreCounts;
  }

  static bool heapDiffers(const std::vector<Metric>& a, const std::vector<Metric>& b) {
    const Metric* was = findMetric(a, kLiveBytesLargest);
    const Metric* is = findMetric(b, kLiveBytesLargest);
    return was != nullptr && is != nullptr && countChange(*was, *is) != Change::same;
  }

  void startSides() {
    const unsigned most = plan_.rounds + plan_.rounds / 2;
    const auto orders = startOrders(most, plan_.seed);
    const auto paddings = startPaddings(most, plan_.seed);
    if (plan_.rounds == 0) return;
    chooseRate();
    announce(0, perRun_ + openLoopTime());
    begin_ = Clock::now();
    for (std::size_t k = 0; k < orders.size() && quietRounds().size() < plan_.rounds; ++k)
      rounds_.push_back(oneRound(orders[k], paddings[k]));
  }

  void chooseRate() {
    if (plan_.openLoopRate) {
      result_.openLoopRate = *plan_.openLoopRate;
      return;
    }
    begin_ = Clock::now();
    result_.openLoopRate = kOpenLoopShare * readingOf(steps_.start(CompareSide::a, {}), kThroughput);
    perRun_ = Clock::now() - begin_;
  }

  std::chrono::duration<double> openLoopTime() const {
    if (result_.openLoopRate <= 0) return {};
    return std::chrono::duration<double>(static_cast<double>(result_.a.scenario.load.requests) /
                                         result_.openLoopRate);
  }

  Round oneRound(const RoundOrder& order, const RoundPaddings& paddings) {
    Round round;
    std::array<std::size_t, 2> next{};
    for (const CompareSide side : order) {
      const std::size_t number = next[static_cast<std::size_t>(side)]++;
      (side == CompareSide::a ? round.a : round.b)[number] = oneStart(side, paddings[number]);
    }
    return round;
  }

  Start oneStart(CompareSide side, std::size_t paddingBytes) {
    const double before = steps_.control();
    const Report report = steps_.start(side, {paddingBytes, result_.openLoopRate});
    Start start;
    start.control = (before + steps_.control()) / 2;
    for (std::size_t k = 0; k < kSampled.size(); ++k) start.readings[k] = readingOf(report, kSampled[k].name);
    ++started_;
    announce(started_, (Clock::now() - begin_) / started_);
    return start;
  }

  void announce(unsigned started, std::chrono::duration<double> each) const {
    const auto planned = static_cast<unsigned>(kStartsPerRound) * plan_.rounds;
    const unsigned left = planned > started ? planned - started : 0;
    if (steps_.estimated) steps_.estimated(left, each * left);
  }

  std::vector<const Round*> quietRounds() const {
    std::vector<double> controls;
    for (const Round& round : rounds_)
      round.each([&](const Start& start) { controls.push_back(start.control); });
    const double usual = median(controls);
    std::vector<const Round*> quiet;
    for (const Round& round : rounds_) {
      bool all = true;
      round.each([&](const Start& start) { all = all && isQuiet(start.control, usual); });
      if (all) quiet.push_back(&round);
    }
    return quiet;
  }

  // Readings of one metric; nothing when some are zero: the machine's clock is too coarse, or there is no such metric.
  template <class Reading>
  static std::optional<SideReadings> readingsOf(const std::vector<const Round*>& rounds,
                                                const SampledMetric& metric, Reading reading) {
    SideReadings readings{std::string(metric.name), std::string(metric.unit), metric.direction, {}};
    for (const Round* round : rounds) {
      const RoundReadings values{{reading(round->a[0]), reading(round->a[1])},
                                 {reading(round->b[0]), reading(round->b[1])}};
      if (std::min({values.a[0], values.a[1], values.b[0], values.b[1]}) <= 0) return std::nullopt;
      readings.rounds.push_back(values);
    }
    return readings;
  }

  void judge() {
    const auto quiet = quietRounds();
    result_.rounds = static_cast<unsigned>(quiet.size());
    result_.voidRounds = static_cast<unsigned>(rounds_.size() - quiet.size());
    if (quiet.empty()) return;
    std::vector<SideReadings> all;
    for (std::size_t k = 0; k < kSampled.size(); ++k)
      if (auto one = readingsOf(quiet, kSampled[k], [k](const Start& start) { return start.readings[k]; }))
        all.push_back(std::move(*one));
    const auto control = readingsOf(quiet, {"control", "ns", Direction::lower},
                                    [](const Start& start) { return start.control; });
    result_.sampled = compareSides(all, *control, plan_.rule);
    for (SideChange& change : result_.sampled.changes) {
      if (!isWithinLayout(change) || isSameProgram() || instructionsMoved(change.verdict)) continue;
      change.mayBeLayout = true;
      change.verdict = SideVerdict::cannotTell;
    }
    for (const SideReadings& one : all) {
      const double alpha = plan_.rule.alpha / static_cast<double>(all.size());
      result_.seesPercent.push_back(smallestChangeSeen(sideDifferences(one.rounds), alpha, plan_.seed));
    }
  }

  // By the build-ids of the program and of the libraries that allocate.
  bool isSameProgram() const {
    const auto& modules = result_.a.environment.modules;
    return !modules.empty() && !modules.front().buildId.empty() && modules == result_.b.environment.modules;
  }

  // Whether there are more instructions for what is worse, fewer for what is better: no layout does that.
  bool instructionsMoved(SideVerdict verdict) const {
    const Metric* was = findMetric(result_.a.metrics, kInstructions);
    const Metric* is = findMetric(result_.b.metrics, kInstructions);
    if (was == nullptr || is == nullptr) return false;
    return countChange(*was, *is) == (verdict == SideVerdict::worse ? Change::worse : Change::better);
  }

  const ComparePlan& plan_;
  const CompareSteps& steps_;
  CompareResult result_;
  std::vector<Round> rounds_;
  unsigned started_ = 0;
  Clock::time_point begin_;
  std::chrono::duration<double> perRun_{};  ///< a start without an open loop takes no longer
};

}  // namespace

CompareResult compareBySteps(const ComparePlan& plan, const CompareSteps& steps) {
  return Comparing(plan, steps).run();
}

double timeFixedLoop() {
  constexpr int kOperations = 4'000'000;
  const auto cpuNs = [] {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return 1e9 * static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec);
  };
  const double start = cpuNs();
  volatile std::uint64_t value = 1;
  for (int k = 0; k < kOperations; ++k) value = value * 6'364'136'223'846'793'005ULL + 1;
  return cpuNs() - start;
}

}  // namespace leakgate
