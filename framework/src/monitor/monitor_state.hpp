#pragma once

#include <memory>
#include <string>
#include <vector>

#include "h3http/monitor.hpp"
#include "monitor/drift_board.hpp"
#include "monitor/worker_counters.hpp"

namespace h3 {

/// A route as it was registered.
struct RouteName {
  std::string method;   ///< "GET"; "" in row 0
  std::string pattern;  ///< "/users/:id"; "" in row 0, which is for requests that matched no route
};

/// What a Monitor holds: the routes, each worker's numbers, and what the detectors have found.
///
/// Threads: routes and workers are added before they start; reading is safe at any time.
class MonitorState {
 public:
  static MonitorState& of(Monitor& monitor) { return *monitor.state_; }
  static const MonitorState& of(const Monitor& monitor) { return *monitor.state_; }

  /// The routes of the app, in their order. Before addWorker(). `timed`: handlers' times are taken.
  void setRoutes(std::vector<RouteName> routes, bool timed);
  WorkerCounters& addWorker();

  std::uint64_t total(Metric metric) const;  ///< of all workers
  LatencyCounts latency() const;             ///< of all workers
  const std::vector<std::unique_ptr<WorkerCounters>>& workers() const { return workers_; }
  /// Row i of each worker's RouteTimes is called names()[i]; the first is that of unmatched requests.
  const std::vector<RouteName>& names() const { return names_; }
  DriftBoard& board() { return board_; }
  const DriftBoard& board() const { return board_; }

 private:
  std::vector<RouteName> names_ = std::vector<RouteName>(1);
  bool timed_ = true;
  std::vector<std::unique_ptr<WorkerCounters>> workers_;
  DriftBoard board_;
};

}  // namespace h3
