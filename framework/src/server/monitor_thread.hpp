// The thread that ends the monitor's windows.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "h3http/drift.hpp"
#include "server/drift_reporter.hpp"

namespace h3::server {

/// Not a worker's timer: statistics over a thousand routes, a log line or a slow hook must not delay
/// requests.
///
/// Lifetime: the monitor and the config must outlive it.
class MonitorThread {
 public:
  MonitorThread(Monitor& monitor, const MonitorConfig& config);
  ~MonitorThread();  ///< ends the thread, after a running hook
  MonitorThread(const MonitorThread&) = delete;
  MonitorThread& operator=(const MonitorThread&) = delete;

 private:
  void run();

  const std::chrono::milliseconds window_;
  DriftReporter reporter_;
  std::mutex mutex_;
  std::condition_variable stopped_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace h3::server
