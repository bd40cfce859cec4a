// What the workers count while they serve, and how it is shown.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "h3http/counter.hpp"
#include "h3http/latency_histogram.hpp"
#include "h3http/route_times.hpp"

namespace h3 {

class App;
class Arena;
class DriftBoard;

/// Everything that is counted. The names shown are in metric_table.cpp, in this order.
enum class Metric : std::uint8_t {
  requests,
  responses1xx,
  responses2xx,
  responses3xx,
  responses4xx,
  responses5xx,
  requestsRefused,
  handlerErrors,
  bytesReceived,
  bytesSent,
  connectionsAccepted,
  connectionsClosed,
  connectionsRefused,
  connectionsTimedOut,
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
  count
};
inline constexpr std::size_t kMetricCount = static_cast<std::size_t>(Metric::count);

/// A route as it was registered.
struct RouteName {
  std::string method;   ///< "GET"; "" in row 0
  std::string pattern;  ///< "/users/:id"; "" in row 0, which is for requests that matched no route
};

/// One worker's numbers. Threads: written by the worker, read by anybody.
class WorkerCounters {
 public:
  explicit WorkerCounters(std::size_t routeCount = 0, bool timed = true) : routes(routeCount, timed) {}

  void add(Metric metric, std::uint64_t amount = 1) { values_[static_cast<std::size_t>(metric)].add(amount); }
  void set(Metric metric, std::uint64_t value) { values_[static_cast<std::size_t>(metric)].set(value); }
  std::uint64_t read(Metric metric) const { return values_[static_cast<std::size_t>(metric)].read(); }

  LatencyHistogram latency;  ///< bytes received to answer queued
  RouteTimes routes;         ///< middleware and handler, per route
  Counter heapLiveBytes;     ///< of this thread's heap, where the allocator keeps one per thread

 private:
  std::array<Counter, kMetricCount> values_;
};

/// The numbers of all workers of one server.
///
/// Threads: routes and workers are added before they start; reading is safe at any time.
class Monitor {
 public:
  Monitor();
  ~Monitor();

  /// The routes of the app, in their order. Before addWorker(). `timed`: handlers' times are taken.
  void setRoutes(std::vector<RouteName> routes, bool timed);
  WorkerCounters& addWorker();

  std::uint64_t total(Metric metric) const;
  /// Upper bound of the bucket that holds this quantile (0 to 1), 0 when nothing was recorded.
  std::uint64_t latencyQuantileNs(double quantile) const;

  /// OpenMetrics 1.0 text (media type kOpenMetricsType), in the arena.
  std::string_view openMetrics(Arena& arena) const;
  /// The same numbers as a JSON object of groups: {"event_pool": {"acquired": 1, ...}, ...}, in the arena.
  std::string_view json(Arena& arena) const;

  static constexpr std::string_view kOpenMetricsType =
      "application/openmetrics-text; version=1.0.0; charset=utf-8";

  // For the server's own rooms.
  const std::vector<std::unique_ptr<WorkerCounters>>& workers() const { return workers_; }
  /// Row i of each worker's RouteTimes is called names()[i]; the first is that of unmatched requests.
  const std::vector<RouteName>& names() const { return names_; }
  DriftBoard& board() { return *board_; }
  const DriftBoard& board() const { return *board_; }

 private:
  std::vector<RouteName> names_;
  bool timed_ = true;
  std::vector<std::unique_ptr<WorkerCounters>> workers_;
  std::unique_ptr<DriftBoard> board_;
};

/// Serves the monitor at these paths of the app: OpenMetrics text, and JSON ("" leaves one out).
void exposeMetrics(App& app, std::string_view metricsPath = "/metrics",
                   std::string_view jsonPath = "/metrics.json");

}  // namespace h3
