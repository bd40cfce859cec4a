#include "cli/self_audit.hpp"

#include <algorithm>
#include <vector>

#include "analysis/analyse.hpp"
#include "analysis/statistics.hpp"
#include "replay/experiment_session.hpp"

namespace leakgate {

namespace {

constexpr std::uint64_t kRequests = 4'000;
constexpr std::uint64_t kWarmup = 500;
constexpr unsigned kPairs = 5;
constexpr std::uint64_t kPairRequests = 2'000;
constexpr std::chrono::hours kNoLimit{24};  // what an answer may take is bounded

Scenario shortened(Scenario scenario) {
  scenario.load.requests = std::min(scenario.load.requests, kRequests);
  scenario.load.warmup = std::min(scenario.load.warmup, kWarmup);
  return scenario;
}

// Everything that must not depend on the moment.
std::vector<Metric> exactMetrics(const RunRecord& record) {
  auto metrics = analyse(record).metrics;
  std::erase_if(metrics, [](const Metric& metric) { return metric.kind != MetricKind::exact; });
  return metrics;
}

bool sameMetrics(const std::vector<Metric>& a, const std::vector<Metric>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Metric& x, const Metric& y) { return x.name == y.name && x.value == y.value; });
}

ReplayOptions atDepth(const ReplayOptions& options, Depth depth) {
  ReplayOptions changed = options;
  changed.depth = depth;
  changed.stillRising = nullptr;
  return changed;
}

// One target of two that stand side by side and are given a piece of the same work in turn.
class Contender {
 public:
  Contender(const Scenario& piece, ReplayOptions options, Progress& progress)
      : piece_(piece), options_(std::move(options)), session_(options_, progress) {
    run(piece.load.warmup);
  }

  double cpuNs(std::uint64_t requests) { return cpuNsPerRequest(run(requests)); }

 private:
  RunRecord run(std::uint64_t requests) {
    return session_.run(piece_, {.blocks = {requests}}, "cost", kNoLimit);
  }

  const Scenario& piece_;
  ReplayOptions options_;
  ExperimentSession session_;
};

void measureCpu(const Scenario& piece, const ReplayOptions& options, Progress& progress, ShimCost& cost) {
  Contender off(piece, atDepth(options, Depth::none), progress);
  Contender on(piece, options, progress);
  std::vector<double> added;
  std::vector<double> ratios;
  for (unsigned pair = 0; pair < kPairs; ++pair) {
    Contender& first = pair % 2 == 0 ? off : on;
    Contender& second = pair % 2 == 0 ? on : off;
    const double firstNs = first.cpuNs(cost.requests);
    const double secondNs = second.cpuNs(cost.requests);
    const double offNs = &first == &off ? firstNs : secondNs;
    const double onNs = &first == &off ? secondNs : firstNs;
    added.push_back(onNs - offNs);
    ratios.push_back(offNs > 0 ? onNs / offNs : 0);
  }
  cost.pairs = kPairs;
  cost.addedNsPerRequest = median(added);
  cost.cpuRatio = median(ratios);
}

}  // namespace

ShimCost measureShimCost(const Scenario& scenario, const ReplayOptions& options, Progress& progress) {
  const Scenario piece = shortened(scenario);
  const ReplayOptions on = atDepth(options, options.depth);
  ShimCost cost;
  cost.scenario = scenario.name;
  cost.requests = std::min(piece.load.requests, kPairRequests);
  const RunRecord first = replay(piece, on, progress);
  const RunRecord again = replay(piece, on, progress);
  cost.repeatable = sameMetrics(exactMetrics(first), exactMetrics(again));
  measureCpu(piece, on, progress, cost);
  return cost;
}

}  // namespace leakgate
