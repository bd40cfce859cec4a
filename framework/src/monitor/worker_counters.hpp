#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "h3http/monitor.hpp"
#include "monitor/counter.hpp"
#include "monitor/latency_histogram.hpp"
#include "monitor/route_times.hpp"

namespace h3 {

/// One worker's numbers. Threads: written by the worker, read by anybody.
class WorkerCounters {
 public:
  explicit WorkerCounters(std::size_t routeCount = 0, bool timed = true) : routes(routeCount, timed) {}

  void add(Metric metric, std::uint64_t amount = 1) { values_[static_cast<std::size_t>(metric)].add(amount); }
  void set(Metric metric, std::uint64_t value) { values_[static_cast<std::size_t>(metric)].set(value); }
  std::uint64_t read(Metric metric) const { return values_[static_cast<std::size_t>(metric)].read(); }

  LatencyHistogram latency;  ///< bytes received to response queued
  RouteTimes routes;         ///< middleware and handler, per route
  Counter heapLiveBytes;     ///< of this thread's heap, where the allocator keeps one per thread

 private:
  std::array<Counter, kMetricCount> values_;
};

}  // namespace h3
