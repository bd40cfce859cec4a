// The thread that ends the monitor's windows and reports drift.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "h3http/drift.hpp"
#include "monitor/drift_watch.hpp"
#include "monitor/monitor_state.hpp"
#include "monitor/process_memory.hpp"

namespace h3::server {

/// Not a worker's timer: statistics over a thousand routes, a log line or a slow hook must not delay
/// requests.
///
/// Lifetime: the monitor and the config must outlive it. Allocates: in the constructor, and for each drift's
/// log line. Threads: reads the workers' counters; runs the hook.
class MonitorThread {
 public:
  MonitorThread(Monitor& monitor, const MonitorConfig& config);
  ~MonitorThread();  ///< ends the thread, after a running hook
  MonitorThread(const MonitorThread&) = delete;
  MonitorThread& operator=(const MonitorThread&) = delete;

 private:
  void run();
  void endWindow(std::uint64_t nowNs);
  std::uint64_t readRoutes();
  void tell(std::span<const Drift> drifts);
  void log(std::uint64_t nowNs);
  void callHook(const Drift& drift) const;
  void publish(const WindowTotals& totals);

  MonitorState& monitor_;
  const MonitorConfig& config_;
  DriftWatch watch_;
  ResidentMeter resident_;
  std::vector<RouteTotals> routes_;
  std::uint64_t lastLogNs_ = 0;
  std::uint64_t unlogged_ = 0;  // drifts since the last line of log
  Drift worst_;                 // of those
  std::mutex mutex_;
  std::condition_variable stopped_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace h3::server
