// The workers' counters, and their exposition.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace h3 {

class Arena;
class MonitorState;

/// Everything that is counted. Names are in metric_table.cpp, in this order.
enum class Metric : std::uint8_t {
  requests,
  responses1xx,
  responses2xx,
  responses3xx,
  responses4xx,
  responses5xx,
  requestsRefused,
  handlerErrors,
  bodiesCut,
  handlersTimedOut,
  lateCompletions,
  bytesReceived,
  bytesSent,
  connectionsAccepted,
  connectionsClosed,
  connectionsRefused,
  connectionsTimedOut,
  connectionsShed,
  proxyPeersRefused,
  proxyHeadersMalformed,
  contextBytes,
  paramBytes,
  bodyBytes,
  arenaBytes,
  eventPoolAcquired,
  eventPoolReused,
  eventPoolCreated,
  eventPoolInUse,
  eventPoolFree,
  routeCacheHits,
  routeCacheMisses,
  routeCacheInsertions,
  routeCacheEvictions,
  routeCacheSize,
  routeCacheCapacity,
  stringPoolHits,
  stringPoolMisses,
  stringPoolRejected,
  stringPoolEntries,
  bufferPoolAcquired,
  bufferPoolReused,
  bufferPoolInUse,
  memoryReservedBytes,
  memoryInUseBytes,
  memoryHighWaterBytes,
  memoryHealth,
  heldBytes,
  blockingCalls,
  blockingRejected,
  blockingCancelled,
  blockingQueued,
  blockingBusy,
  logLinesDropped,
  count
};
inline constexpr std::size_t kMetricCount = static_cast<std::size_t>(Metric::count);

/// The numbers of all workers of one server.
///
/// Threads: reading is safe at any time.
class Monitor {
 public:
  Monitor();
  ~Monitor();
  Monitor(const Monitor&) = delete;
  Monitor& operator=(const Monitor&) = delete;

  std::uint64_t total(Metric metric) const;
  /// Upper bound of the bucket that holds this quantile (0 to 1), 0 when nothing was recorded.
  std::uint64_t latencyQuantileNs(double quantile) const;

  /// OpenMetrics 1.0 text (media type kOpenMetricsType), in the arena.
  std::string_view openMetrics(Arena& arena) const;
  /// The same numbers as a JSON object of groups: {"event_pool": {"acquired": 1, ...}, ...}, in the arena.
  std::string_view json(Arena& arena) const;

  static constexpr std::string_view kOpenMetricsType =
      "application/openmetrics-text; version=1.0.0; charset=utf-8";

 private:
  friend class MonitorState;

  std::unique_ptr<MonitorState> state_;
};

}  // namespace h3
