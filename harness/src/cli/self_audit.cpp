#include "cli/self_audit.hpp"

#include <algorithm>
#include <array>

#include "analysis/analyse.hpp"

namespace leakgate {

namespace {

constexpr std::uint64_t kRequests = 4'000;
constexpr std::uint64_t kWarmup = 500;

Scenario shortened(Scenario scenario) {
  scenario.load.requests = std::min(scenario.load.requests, kRequests);
  scenario.load.warmup = std::min(scenario.load.warmup, kWarmup);
  return scenario;
}

double cpuNsPerRequest(const RunRecord& record) {
  const Checkpoint& warm = record.checkpoints.front();
  const Checkpoint& last = record.checkpoints.back();
  if (last.requests == 0) return 0;
  return static_cast<double>(last.process.cpuNs - warm.process.cpuNs) / static_cast<double>(last.requests);
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

}  // namespace

ShimCost measureShimCost(const Scenario& scenario, const ReplayOptions& options, Progress& progress) {
  const Scenario piece = shortened(scenario);
  ReplayOptions plain = options;
  plain.stillRising = nullptr;
  const auto run = [&](Depth depth) {
    plain.depth = depth;
    return replay(piece, plain, progress);
  };
  const RunRecord offFirst = run(Depth::none);
  const RunRecord onFirst = run(options.depth);
  const RunRecord onAgain = run(options.depth);
  const RunRecord offAgain = run(Depth::none);

  ShimCost cost;
  cost.scenario = scenario.name;
  cost.requests = piece.load.requests;
  cost.pairs = 2;
  const double off = (cpuNsPerRequest(offFirst) + cpuNsPerRequest(offAgain)) / 2;
  const double on = (cpuNsPerRequest(onFirst) + cpuNsPerRequest(onAgain)) / 2;
  cost.addedNsPerRequest = on - off;
  cost.cpuRatio = off > 0 ? on / off : 0;
  cost.repeatable = sameMetrics(exactMetrics(onFirst), exactMetrics(onAgain));
  return cost;
}

}  // namespace leakgate
