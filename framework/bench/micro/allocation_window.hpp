// Heap allocations of a benchmark's loop, and of nothing else.
#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>

namespace bench {

/// Counts this thread's allocations while it lives: made after a benchmark's preparations, right before its
/// loop.
///
/// Reported twice: as the counter "allocs" per iteration over the whole timed run, so that a rare allocation
/// shows too, and through Google Benchmark's memory manager, which repeats a few iterations only (JSON:
/// allocs_per_iter).
class AllocationWindow {
 public:
  explicit AllocationWindow(benchmark::State& state);
  ~AllocationWindow();
  AllocationWindow(const AllocationWindow&) = delete;
  AllocationWindow& operator=(const AllocationWindow&) = delete;

 private:
  benchmark::State& state_;
};

/// Hands what the windows count to Google Benchmark. Call once, before the benchmarks run.
void registerMemoryManager();

}  // namespace bench
