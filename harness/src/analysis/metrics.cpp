#include "analysis/metrics.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <span>

#include "analysis/app_metrics.hpp"
#include "analysis/cause.hpp"
#include "analysis/finding_kind.hpp"
#include "analysis/growth_series.hpp"
#include "analysis/managed_heap.hpp"
#include "analysis/resource_growth.hpp"
#include "analysis/statistics.hpp"
#include "analysis/uncounted_memory.hpp"

namespace leakgate {

namespace {

using Metrics = std::vector<Metric>;
constexpr auto kExact = MetricKind::exact;
constexpr auto kSpread = MetricKind::spread;
constexpr auto kSampled = MetricKind::sampled;
constexpr auto kLower = Direction::lower;
constexpr auto kHigher = Direction::higher;
constexpr auto kNone = Direction::none;

double number(auto value) { return static_cast<double>(value); }

double difference(std::uint64_t last, std::uint64_t warm) {
  return static_cast<double>(static_cast<std::int64_t>(last - warm));
}

// The part of a run that does not depend on extensions: "warm" and the planned blocks. Extensions and idle
// intervals serve only the proof of growth.
using Planned = std::span<const Checkpoint>;

Planned plannedPart(const RunRecord& record) {
  return Planned(record.checkpoints).first(std::min(record.checkpoints.size(), kPlannedIntervals + 1));
}

BlockTally tallyOf(Planned checkpoints) {
  BlockTally sum;
  for (const auto& checkpoint : checkpoints.subspan(1)) {
    const auto& block = checkpoint.block;
    sum.requests += block.requests;
    sum.responses += block.responses;
    sum.connectionsOpened += block.connectionsOpened;
    sum.unexpected += block.unexpected;
    sum.elapsedNs += block.elapsedNs;
    for (const auto& [status, count] : block.statuses) sum.statuses[status] += count;
  }
  return sum;
}

// The median over the blocks: a rise in only one block is no slope.
double slopePerRequest(Planned checkpoints, std::int64_t (MemoryTotals::*live)() const) {
  std::vector<double> slopes;
  for (std::size_t k = 1; k < checkpoints.size(); ++k) {
    const auto& now = checkpoints[k];
    if (now.block.requests == 0) continue;
    const std::int64_t rise = (now.memory.totals.*live)() - (checkpoints[k - 1].memory.totals.*live)();
    slopes.push_back(number(rise) / number(now.block.requests));
  }
  return median(slopes);
}

// The counts of a target that is never at rest depend on the moment of the checkpoint.
MetricKind countKind(Planned checkpoints) {
  const bool still = std::all_of(checkpoints.begin(), checkpoints.end(),
                                 [](const Checkpoint& checkpoint) { return checkpoint.settled; });
  return still ? kExact : kSpread;
}

// Over the planned part and its requests. Divides instead of multiplying by a rounded reciprocal: 3
// allocations in 3 requests are 1.
double perRequest(double amount, std::uint64_t requests) {
  return requests == 0 ? 0 : amount / number(requests);
}

void addMemory(Metrics& metrics, Planned checkpoints, std::uint64_t requests) {
  const MetricKind kind = countKind(checkpoints);
  const auto& warm = checkpoints.front().memory.totals;
  const auto& last = checkpoints.back().memory.totals;
  const double allocations = difference(last.allocations, warm.allocations);
  const double allocated = difference(last.allocatedBytes, warm.allocatedBytes);
  metrics.push_back(
      {"live_bytes_per_request", slopePerRequest(checkpoints, &MemoryTotals::liveBytes), "B", kind, kLower});
  metrics.push_back({"live_blocks_per_request", slopePerRequest(checkpoints, &MemoryTotals::liveBlocks),
                     "blocks", kind, kLower});
  metrics.push_back({"live_bytes_growth", number(last.liveBytes() - warm.liveBytes()), "B", kind, kLower});
  metrics.push_back(
      {"live_blocks_growth", number(last.liveBlocks() - warm.liveBlocks()), "blocks", kind, kLower});
  metrics.push_back({"allocations_per_request", perRequest(allocations, requests), "blocks", kind, kLower});
  metrics.push_back({"allocated_bytes_per_request", perRequest(allocated, requests), "B", kind, kLower});
  // How high the peaks of pools were before "warm" depends on timing.
  metrics.push_back({"live_bytes_at_warm", number(warm.liveBytes()), "B", kSpread, kLower});
}

// Whether a place allocates in proportion to the work. Below 64 allocations that cannot be decided.
bool isSteady(const Series& made, const std::vector<Driver>& drivers) {
  constexpr std::int64_t kSureAllocations = 64;
  return made.back() >= kSureAllocations &&
         std::any_of(drivers.begin(), drivers.end(), [&](const Driver& driver) {
           return driver.follows != Follows::thread && exactlyProportional(made, driver.work);
         });
}

// Allocations of the places that allocate in proportion to the work. Places of batches and timers do not, and
// make the sum of all vary from run to run; this part of the sum does not vary.
void addSteadyAllocations(Metrics& metrics, const RunRecord& record, const std::vector<SiteGrowth>& sites,
                          std::uint64_t requests) {
  const Planned planned = plannedPart(record);
  if (sites.empty() || planned.back().memory.audit.sitesFolded > 0) return;
  std::vector<Driver> drivers = driversOf(record);
  for (auto& driver : drivers) driver.work.resize(std::min(driver.work.size(), planned.size()));
  std::int64_t steady = 0;
  for (const auto& site : sites) {
    Series made = site.made;
    made.resize(std::min(made.size(), planned.size()));
    if (!made.empty() && isSteady(made, drivers)) steady += made.back();
  }
  metrics.push_back({"steady_allocations_per_request", perRequest(number(steady), requests), "blocks",
                     countKind(planned), kLower});
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

void addScopes(Metrics& metrics, Planned checkpoints, std::uint64_t requests) {
  if (requests == 0) return;
  std::map<std::string, std::uint64_t> atWarm;
  for (const auto& scope : checkpoints.front().memory.scopes) atWarm[scope.scope] += scope.allocations;
  std::map<std::string, std::uint64_t> atLast;
  for (const auto& scope : checkpoints.back().memory.scopes) atLast[scope.scope] += scope.allocations;
  for (const auto& [scope, allocations] : atLast) {
    if (scope.empty()) continue;
    const double rise = difference(allocations, atWarm[scope]);
    metrics.push_back({"scope." + scope + ".allocations_per_request", perRequest(rise, requests), "blocks",
                       countKind(checkpoints), kLower});
  }
}

// Over all runtimes. Only when each checkpoint has a collection.
void addManagedHeaps(Metrics& metrics, const RunRecord& record, const Checkpoint& end) {
  HeapAmount warm;
  HeapAmount last;
  bool measured = false;
  for (const auto& one : judgedRuntimes(record)) {
    if (!one.measured) continue;
    measured = true;
    addAmount(warm, record.checkpoints.front().heaps.at(one.runtime.runtime).live);
    addAmount(last, end.heaps.at(one.runtime.runtime).live);
  }
  if (!measured) return;
  metrics.push_back({"managed_heap_growth_bytes", difference(last.bytes, warm.bytes), "B", kSampled, kLower});
  metrics.push_back({"managed_objects_growth", difference(last.blocks, warm.blocks), "1", kSampled, kLower});
}

void addProcess(Metrics& metrics, Planned checkpoints, Depth depth) {
  const MetricKind kind = depth == Depth::none ? kExact : countKind(checkpoints);
  const auto& warm = checkpoints.front().process;
  const auto& last = checkpoints.back().process;
  metrics.push_back(
      {"descriptors_growth", difference(last.descriptors, warm.descriptors), "1", kind, kLower});
  metrics.push_back({"threads_growth", difference(last.threads, warm.threads), "1", kind, kLower});
  // Allocators map and unmap at will: for information only.
  metrics.push_back({"mappings_growth", difference(last.mappings, warm.mappings), "1", kSampled, kNone});
  metrics.push_back({"rss_growth_bytes", difference(last.rssBytes, warm.rssBytes), "B", kSampled, kLower});
  if (depth == Depth::none) return;
  const auto& memory = checkpoints.back().memory;
  const double retained =
      number(last.rssBytes) - number(memory.totals.liveBytes()) - number(memory.audit.regionBytes);
  metrics.push_back({"rss_retained_bytes", retained, "B", kSampled, kNone});
  metrics.push_back({"shim_bytes", number(memory.audit.regionBytes), "B", kSampled, kNone});
}

void addUncounted(Metrics& metrics, const RunRecord& record, std::size_t last) {
  if (record.depth == Depth::none) return;
  const double bytes = number(residentCourse(record).uncounted[last]);
  metrics.push_back({"uncounted_growth_bytes", bytes, "B", kSampled, kLower});
}

// Few programs have any of these: added where they changed, or where a budget names them.
void addObjects(Metrics& metrics, const RunRecord& record, std::size_t last) {
  for (const auto& traits : allKinds()) {
    if (traits.kind < FindingKind::process) continue;
    const SiteGrowth growth = kernelGrowth(record, traits.kind);
    const std::array values{growth.blocks[last], growth.bytes[last]};
    for (std::size_t i = 0; i < traits.metrics().size(); ++i) {
      const std::string name(traits.metrics()[i]);
      if (values[i] == 0 && !record.scenario.budgets.contains(name)) continue;
      metrics.push_back({name, number(values[i]), i == 0 ? "1" : "B", kSampled, kLower});
    }
  }
}

// Of the threads that live at the end: what ended ones did before is not known.
ContextSwitches switchesBetween(const ProcessSample& warm, const ProcessSample& last) {
  ContextSwitches sum;
  for (const auto& [thread, now] : last.switches) {
    const auto before = warm.switches.find(thread);
    const ContextSwitches was = before == warm.switches.end() ? ContextSwitches() : before->second;
    sum.voluntary += now.voluntary - std::min(was.voluntary, now.voluntary);
    sum.involuntary += now.involuntary - std::min(was.involuntary, now.involuntary);
  }
  return sum;
}

// The kernel's work for a request, with what the shim and leakgate's own readings add to it.
void addKernelWork(Metrics& metrics, const Planned& planned, std::uint64_t requests) {
  if (requests == 0) return;
  const auto& warm = planned.front().process;
  const auto& last = planned.back().process;
  const auto add = [&](const char* name, double amount) {
    metrics.push_back({name, amount / number(requests), "1", kSampled, kLower});
  };
  const ContextSwitches switches = switchesBetween(warm, last);
  add("minor_faults_per_request", difference(last.minorFaults, warm.minorFaults));
  add("major_faults_per_request", difference(last.majorFaults, warm.majorFaults));
  add("voluntary_switches_per_request", number(switches.voluntary));
  add("involuntary_switches_per_request", number(switches.involuntary));
}

void addSpeed(Metrics& metrics, const RunRecord& record, const BlockTally& tally) {
  const auto& latency = record.latency;
  metrics.push_back({"latency.p50_ns", latency.p50Ns, "ns", kSampled, kLower});
  metrics.push_back({"latency.p90_ns", latency.p90Ns, "ns", kSampled, kLower});
  metrics.push_back({"latency.p99_ns", latency.p99Ns, "ns", kSampled, kLower});
  metrics.push_back({"latency.p999_ns", latency.p999Ns, "ns", kSampled, kLower});
  metrics.push_back({"latency.mean_ns", latency.meanNs, "ns", kSampled, kLower});
  metrics.push_back({"latency.max_ns", latency.maxNs, "ns", kSampled, kLower});
  if (record.openLoop.requests > 0) {
    metrics.push_back({"open_loop.p50_ns", record.openLoop.p50Ns, "ns", kSampled, kLower});
    metrics.push_back({"open_loop.p99_ns", record.openLoop.p99Ns, "ns", kSampled, kLower});
  }
  if (tally.elapsedNs > 0) {
    metrics.push_back({"throughput_rps", number(tally.responses) * 1e9 / number(tally.elapsedNs), "1/s",
                       kSampled, kHigher});
  }
  const Planned planned = plannedPart(record);
  const auto& warm = planned.front().process;
  const auto& last = planned.back().process;
  if (tally.requests > 0) {
    const double cpu = difference(last.cpuNs, warm.cpuNs) / number(tally.requests);
    metrics.push_back({"cpu_ns_per_request", cpu, "ns", kSampled, kLower});
  }
  std::uint64_t settleNs = 0;
  for (const auto& checkpoint : record.checkpoints) settleNs += checkpoint.settleNs;
  metrics.push_back({"settle_ns", number(settleNs), "ns", kSampled, kNone});
}

}  // namespace

std::vector<Metric> collectMetrics(const RunRecord& record, const std::optional<LatencyDrift>& drift,
                                   const std::vector<SiteGrowth>& sites,
                                   const std::optional<CpuGrowth>& cpu) {
  Metrics metrics;
  if (record.checkpoints.empty()) return metrics;
  const Planned planned = plannedPart(record);
  BlockTally tally = tallyOf(planned);
  // An unexpected response counts, whenever it arrived.
  tally.unexpected = tallyOf(Planned(record.checkpoints)).unexpected;
  if (record.depth != Depth::none) addMemory(metrics, planned, tally.requests);
  if (record.depth != Depth::none) addSteadyAllocations(metrics, record, sites, tally.requests);
  addTraffic(metrics, tally);
  addProcess(metrics, planned, record.depth);
  addUncounted(metrics, record, planned.size() - 1);
  addManagedHeaps(metrics, record, planned.back());
  addObjects(metrics, record, planned.size() - 1);
  if (record.depth != Depth::none) addScopes(metrics, planned, tally.requests);
  const auto app = appMetrics(record.appMetricsWarm, record.appMetricsLast, record.scenario.budgets);
  metrics.insert(metrics.end(), app.begin(), app.end());
  addSpeed(metrics, record, tally);
  addKernelWork(metrics, planned, tally.requests);
  metrics.push_back({"cpu_slowdown_percent", cpu ? cpu->percent : 0, "%", kSampled, kNone});
  if (drift) metrics.push_back({"latency_drift_percent", drift->percent, "%", kSampled, kLower});
  return metrics;
}

std::vector<std::string> builtInMetricNames() {
  RunRecord record;
  record.checkpoints.resize(2);
  record.checkpoints.back().block.requests = record.checkpoints.back().block.elapsedNs = 1;
  SiteGrowth site;
  site.made = {0, 0};
  std::vector<std::string> names;
  for (auto& metric : collectMetrics(record, LatencyDrift{}, {site})) names.push_back(std::move(metric.name));
  return names;
}

const Metric* findMetric(const Metrics& metrics, std::string_view name) {
  const auto found =
      std::find_if(metrics.begin(), metrics.end(), [&](const Metric& m) { return m.name == name; });
  return found == metrics.end() ? nullptr : &*found;
}

}  // namespace leakgate
