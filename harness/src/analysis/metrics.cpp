#include "analysis/metrics.hpp"

#include <algorithm>
#include <map>

#include "analysis/app_metrics.hpp"
#include "analysis/growth_series.hpp"
#include "analysis/statistics.hpp"

namespace leakgate {

namespace {

using Metrics = std::vector<Metric>;
constexpr auto kExact = MetricKind::exact;
constexpr auto kSampled = MetricKind::sampled;
constexpr auto kLower = Direction::lower;
constexpr auto kHigher = Direction::higher;
constexpr auto kNone = Direction::none;

double number(auto value) { return static_cast<double>(value); }

double difference(std::uint64_t last, std::uint64_t warm) {
  return static_cast<double>(static_cast<std::int64_t>(last - warm));
}

BlockTally measuredTally(const RunRecord& record) {
  BlockTally sum;
  for (std::size_t k = 1; k < record.checkpoints.size(); ++k) {
    const auto& block = record.checkpoints[k].block;
    sum.requests += block.requests;
    sum.responses += block.responses;
    sum.connectionsOpened += block.connectionsOpened;
    sum.unexpected += block.unexpected;
    sum.elapsedNs += block.elapsedNs;
    for (const auto& [status, count] : block.statuses) sum.statuses[status] += count;
  }
  return sum;
}

// The median over the blocks: what came once, in one block, is no slope.
double slopePerRequest(const RunRecord& record, std::int64_t (MemoryTotals::*live)() const) {
  std::vector<double> slopes;
  for (std::size_t k = 1; k < record.checkpoints.size(); ++k) {
    const auto& now = record.checkpoints[k];
    const auto& before = record.checkpoints[k - 1];
    if (now.block.requests == 0) continue;
    const std::int64_t rise = (now.memory.totals.*live)() - (before.memory.totals.*live)();
    slopes.push_back(number(rise) / number(now.block.requests));
  }
  return median(slopes);
}

void addMemory(Metrics& metrics, const RunRecord& record, std::uint64_t requests) {
  const auto& warm = record.checkpoints.front().memory.totals;
  const auto& last = record.checkpoints.back().memory.totals;
  const double perRequest = requests == 0 ? 0 : 1 / number(requests);
  const double allocations = difference(last.allocations, warm.allocations);
  const double allocated = difference(last.allocatedBytes, warm.allocatedBytes);
  metrics.push_back(
      {"live_bytes_per_request", slopePerRequest(record, &MemoryTotals::liveBytes), "B", kExact, kLower});
  metrics.push_back({"live_blocks_per_request", slopePerRequest(record, &MemoryTotals::liveBlocks), "blocks",
                     kExact, kLower});
  metrics.push_back({"live_bytes_growth", number(last.liveBytes() - warm.liveBytes()), "B", kExact, kLower});
  metrics.push_back(
      {"live_blocks_growth", number(last.liveBlocks() - warm.liveBlocks()), "blocks", kExact, kLower});
  // Divided, not multiplied by a rounded reciprocal: 3 allocations in 3 requests are 1.
  metrics.push_back({"allocations_per_request", perRequest == 0 ? 0 : allocations / number(requests),
                     "blocks", kExact, kLower});
  metrics.push_back({"allocated_bytes_per_request", perRequest == 0 ? 0 : allocated / number(requests), "B",
                     kExact, kLower});
  // How high the pools' peaks were before "warm" depends on who waited for whom.
  metrics.push_back({"live_bytes_at_warm", number(warm.liveBytes()), "B", kSampled, kNone});
}

void addTraffic(Metrics& metrics, const BlockTally& tally) {
  metrics.push_back({"requests", number(tally.requests), "1", kExact, kNone});
  metrics.push_back({"responses", number(tally.responses), "1", kExact, kNone});
  metrics.push_back({"unexpected_answers", number(tally.unexpected), "1", kExact, kLower});
  metrics.push_back({"connections_opened", number(tally.connectionsOpened), "1", kExact, kNone});
  for (const auto& [status, count] : tally.statuses) {
    metrics.push_back({"statuses." + std::to_string(status), number(count), "1", kExact, kNone});
  }
}

void addScopes(Metrics& metrics, const RunRecord& record, std::uint64_t requests) {
  if (requests == 0) return;
  std::map<std::string, std::uint64_t> atWarm;
  for (const auto& scope : record.checkpoints.front().memory.scopes) atWarm[scope.scope] += scope.allocations;
  std::map<std::string, std::uint64_t> atLast;
  for (const auto& scope : record.checkpoints.back().memory.scopes) atLast[scope.scope] += scope.allocations;
  for (const auto& [scope, allocations] : atLast) {
    if (scope.empty()) continue;
    const double rise = difference(allocations, atWarm[scope]);
    metrics.push_back(
        {"scope." + scope + ".allocations_per_request", rise / number(requests), "blocks", kExact, kLower});
  }
}

void addProcess(Metrics& metrics, const RunRecord& record) {
  const auto& warm = record.checkpoints.front().process;
  const auto& last = record.checkpoints.back().process;
  metrics.push_back(
      {"descriptors_growth", difference(last.descriptors, warm.descriptors), "1", kExact, kLower});
  metrics.push_back({"threads_growth", difference(last.threads, warm.threads), "1", kExact, kLower});
  // Allocators map and unmap as they please: this one only informs.
  metrics.push_back({"mappings_growth", difference(last.mappings, warm.mappings), "1", kSampled, kNone});
  metrics.push_back({"rss_growth_bytes", difference(last.rssBytes, warm.rssBytes), "B", kSampled, kLower});
  if (record.depth == Depth::none) return;
  const auto& memory = record.checkpoints.back().memory;
  const double retained =
      number(last.rssBytes) - number(memory.totals.liveBytes()) - number(memory.audit.regionBytes);
  metrics.push_back({"rss_retained_bytes", retained, "B", kSampled, kNone});
  metrics.push_back({"shim_bytes", number(memory.audit.regionBytes), "B", kSampled, kNone});
}

void addSpeed(Metrics& metrics, const RunRecord& record, const BlockTally& tally) {
  const auto& latency = record.latency;
  metrics.push_back({"latency.p50_ns", latency.p50Ns, "ns", kSampled, kLower});
  metrics.push_back({"latency.p90_ns", latency.p90Ns, "ns", kSampled, kLower});
  metrics.push_back({"latency.p99_ns", latency.p99Ns, "ns", kSampled, kLower});
  metrics.push_back({"latency.p999_ns", latency.p999Ns, "ns", kSampled, kLower});
  metrics.push_back({"latency.mean_ns", latency.meanNs, "ns", kSampled, kLower});
  metrics.push_back({"latency.max_ns", latency.maxNs, "ns", kSampled, kLower});
  if (tally.elapsedNs > 0) {
    metrics.push_back({"throughput_rps", number(tally.responses) * 1e9 / number(tally.elapsedNs), "1/s",
                       kSampled, kHigher});
  }
  const auto& warm = record.checkpoints.front().process;
  const auto& last = record.checkpoints.back().process;
  if (tally.requests > 0) {
    const double cpu = difference(last.cpuNs, warm.cpuNs) / number(tally.requests);
    metrics.push_back({"cpu_ns_per_request", cpu, "ns", kSampled, kLower});
  }
  std::uint64_t settleNs = 0;
  for (const auto& checkpoint : record.checkpoints) settleNs += checkpoint.settleNs;
  metrics.push_back({"settle_ns", number(settleNs), "ns", kSampled, kNone});
}

}  // namespace

std::vector<Metric> collectMetrics(const RunRecord& record, const std::optional<LatencyDrift>& drift) {
  Metrics metrics;
  if (record.checkpoints.empty()) return metrics;
  const BlockTally tally = measuredTally(record);
  if (record.depth != Depth::none) addMemory(metrics, record, tally.requests);
  addTraffic(metrics, tally);
  addProcess(metrics, record);
  if (record.depth != Depth::none) addScopes(metrics, record, tally.requests);
  const auto app = appMetrics(record.appMetricsWarm, record.appMetricsLast, record.scenario.budgets);
  metrics.insert(metrics.end(), app.begin(), app.end());
  addSpeed(metrics, record, tally);
  if (drift) metrics.push_back({"latency_drift_percent", drift->percent, "%", kSampled, kLower});
  return metrics;
}

const Metric* findMetric(const Metrics& metrics, std::string_view name) {
  const auto found =
      std::find_if(metrics.begin(), metrics.end(), [&](const Metric& m) { return m.name == name; });
  return found == metrics.end() ? nullptr : &*found;
}

}  // namespace leakgate
