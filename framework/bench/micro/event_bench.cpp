// Events: the pooled cycle of the audit, setting values, resetting.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "allocation_window.hpp"
#include "worker_bench.hpp"

namespace {

using bench::AllocationWindow;
using bench::RequestBench;
using bench::WorkerBench;

void acquireAndFourSets(benchmark::State& state) {
  WorkerBench worker;
  const AllocationWindow window(state);
  for (auto _ : state) {
    const h3::PooledEvent event(worker.events());
    event->setContext("user", "42");
    event->setContext("session", "0123456789abcdef");
    event->setParam("id", "7");
    event->setParam("name", "pool");
    benchmark::DoNotOptimize(&*event);
  }
}
BENCHMARK(acquireAndFourSets)->Name("event/acquire+4sets+release");

void cycle(benchmark::State& state) {
  WorkerBench worker;
  RequestBench request{std::string(bench::kOneHeaderRequest)};
  bench::pooledCycle(worker.events(), request);
  const AllocationWindow window(state);
  for (auto _ : state) bench::pooledCycle(worker.events(), request);
}
BENCHMARK(cycle)->Name("event/pooled_cycle");

void cycleWithSets(benchmark::State& state) {
  WorkerBench worker;
  RequestBench request{std::string(bench::kOneHeaderRequest)};
  bench::pooledCycleWithSets(worker.events(), request);
  const AllocationWindow window(state);
  for (auto _ : state) bench::pooledCycleWithSets(worker.events(), request);
}
BENCHMARK(cycleWithSets)->Name("event/pooled_cycle+4sets");

// The sets are outside of the measured time. Many events are reset at once: stopping and starting the clock
// costs more than a reset.
void reset(benchmark::State& state) {
  constexpr std::size_t kEvents = 64;
  WorkerBench worker;
  std::vector<std::string> keys;
  for (int i = 0; i < state.range(0); ++i) keys.push_back("key" + std::to_string(i));
  std::vector<h3::PooledEvent> events;
  for (std::size_t i = 0; i < kEvents; ++i) events.emplace_back(worker.events());
  const auto setAll = [&] {
    for (h3::PooledEvent& event : events)
      for (const std::string& key : keys) event->setContext(key, "value");
  };
  const auto resetAll = [&] {
    for (h3::PooledEvent& event : events) h3::EventState::of(*event).reset();
  };
  setAll();  // the arenas grow to what they need
  resetAll();
  const AllocationWindow window(state);
  while (state.KeepRunningBatch(kEvents)) {
    state.PauseTiming();
    setAll();
    state.ResumeTiming();
    resetAll();
  }
}
BENCHMARK(reset)->Name("event/reset_after_sets")->Arg(0)->Arg(10)->Arg(1000);

}  // namespace
