#include "session/self_audit.hpp"

#include <algorithm>
#include <vector>

#include "analysis/analyse.hpp"
#include "analysis/repeated_metrics.hpp"
#include "analysis/statistics.hpp"
#include "replay/experiment_session.hpp"
#include "scenario/limits.hpp"

namespace leakgate {

namespace {

constexpr std::uint64_t kRequests = 4'000;
constexpr std::uint64_t kWarmup = 500;
constexpr unsigned kPairs = 5;
constexpr std::uint64_t kPairRequests = 2'000;
constexpr std::chrono::hours kNoLimit{24};  // each response has its own limit

// The audit sends no more requests than the run: two replays and ten pieces.
constexpr std::uint64_t kReplayShare = 5;
constexpr std::uint64_t kPieceShare = 20;
constexpr std::uint64_t kWarmups = 4;

std::uint64_t inBlocks(std::uint64_t requests) {
  return std::max(requests / kBlockUnits * kBlockUnits, kBlockUnits);
}

Scenario shortened(Scenario scenario) {
  LoadSpec& load = scenario.load;
  load.requests = std::min(inBlocks(load.requests / kReplayShare), kRequests);
  load.warmup = std::min(load.warmup / kWarmups, kWarmup);
  return scenario;
}

std::uint64_t pieceOf(const Scenario& scenario) {
  return std::clamp<std::uint64_t>(scenario.load.requests / kPieceShare, 1, kPairRequests);
}

std::size_t countsOf(const std::vector<Metric>& metrics) {
  return static_cast<std::size_t>(std::count_if(metrics.begin(), metrics.end(), [](const Metric& metric) {
    return metric.kind != MetricKind::sampled;
  }));
}

ReplayOptions atDepth(const ReplayOptions& options, Depth depth) {
  ReplayOptions changed = options;
  changed.depth = depth;
  changed.steering = {};
  return changed;
}

// One of two targets that run side by side and get pieces of the same work in turn.
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
  cost.requests = pieceOf(scenario);
  const auto first = analyse(replay(piece, on, progress)).metrics;
  const auto again = analyse(replay(piece, on, progress)).metrics;
  cost.counts = countsOf(first);
  cost.varied = variedCounts(first, again);
  cost.repeatable = cost.varied.empty();
  measureCpu(piece, on, progress, cost);
  return cost;
}

}  // namespace leakgate
