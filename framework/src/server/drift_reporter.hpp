// Ends the monitor's windows: reads the workers' counters, and reports what drifts.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "h3http/drift.hpp"
#include "monitor/drift_watch.hpp"
#include "monitor/monitor_state.hpp"
#include "monitor/process_memory.hpp"

namespace h3::server {

/// Sums the counters over the workers, and gives what the detectors find to the board, the log and the hook.
///
/// Reads no clock. Lifetime: the monitor and the config must outlive it. Allocates: in the constructor, and
/// for each drift's log line. Threads: one owner; reads the workers' counters; runs the hook, whose exceptions
/// are logged.
class DriftReporter {
 public:
  DriftReporter(MonitorState& monitor, const MonitorConfig& config);

  /// `nowNs`: monotonic, later than at the last call.
  void endWindow(std::uint64_t nowNs);

 private:
  std::uint64_t readRoutes();
  void publish(const WindowTotals& totals);
  void report(std::span<const Drift> drifts);
  void callHook(const Drift& drift) const;
  void log(std::uint64_t nowNs);

  MonitorState& monitor_;
  const MonitorConfig& config_;
  DriftWatch watch_;
  ResidentMeter resident_;
  std::vector<RouteTotals> routes_;
  std::uint64_t lastLogNs_ = 0;
  std::uint64_t unlogged_ = 0;  // drifts since the last line of log
  Drift worst_;                 // of those
};

}  // namespace h3::server
