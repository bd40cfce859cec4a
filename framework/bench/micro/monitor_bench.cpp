// What the monitor costs a request.
#include <benchmark/benchmark.h>

#include <cstdint>

#include "allocation_window.hpp"
#include "h3http/monitor.hpp"
#include "monitor/monitor_state.hpp"

namespace {

// A worker's counting for one response: see Connection and Worker.
void perRequest(benchmark::State& state) {
  h3::Monitor monitor;
  h3::WorkerCounters& counters = h3::MonitorState::of(monitor).addWorker();
  std::uint64_t ns = 20'000;
  const bench::AllocationWindow window(state);
  for (auto _ : state) {
    counters.add(h3::Metric::bytesReceived, 44);
    counters.add(h3::Metric::requests);
    counters.add(h3::Metric::responses2xx);
    counters.add(h3::Metric::arenaBytes, 64);
    counters.add(h3::Metric::bytesSent, 120);
    counters.latency.record(ns);
    ns = ns * 5 % 100'003;
    benchmark::ClobberMemory();
  }
}
BENCHMARK(perRequest)->Name("monitor/per_request");

}  // namespace
