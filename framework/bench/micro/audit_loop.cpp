// h3-audit-loop: the audit's own loop. The pooled cycle N times, each timed; is the last hundred slower than
// the first?
//
//   h3-audit-loop ITERATIONS      prints one JSON object; times include one read of the clock, which is
//   printed too
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

#include "worker_bench.hpp"

namespace {

constexpr std::size_t kWindow = 100;   ///< iterations compared at either end
constexpr std::size_t kWarmUp = 1000;  ///< so that the first hundred do not show the cold caches

std::uint64_t nowNs() {
  return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
}

double median(std::span<const std::uint32_t> values) {
  std::vector<std::uint32_t> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  return sorted[sorted.size() / 2];
}

template <class Operation>
std::vector<std::uint32_t> timeEach(std::size_t iterations, Operation operation) {
  std::vector<std::uint32_t> times(iterations);
  std::uint64_t before = nowNs();
  for (std::uint32_t& time : times) {
    operation();
    const std::uint64_t after = nowNs();
    time = static_cast<std::uint32_t>(after - before);
    before = after;
  }
  return times;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t iterations = argc == 2 ? std::strtoul(argv[1], nullptr, 10) : 0;
  if (iterations < 2 * kWindow) {
    std::fprintf(stderr, "usage: h3-audit-loop ITERATIONS    (200 or more)\n");
    return 2;
  }
  bench::WorkerBench worker;
  bench::RequestBench request{std::string(bench::kOneHeaderRequest)};
  for (std::size_t i = 0; i < kWarmUp; ++i) bench::pooledCycleWithSets(worker.events(), request);
  const std::vector<std::uint32_t> clock = timeEach(kWarmUp, [] {});
  const std::vector<std::uint32_t> times =
      timeEach(iterations, [&] { bench::pooledCycleWithSets(worker.events(), request); });
  const std::span<const std::uint32_t> all(times);
  std::printf(
      "{\"iterations\": %zu, \"clock_ns\": %.0f, \"median_ns\": %.0f, \"first_100_ns\": %.0f, "
      "\"last_100_ns\": %.0f, \"reuse_ratio\": %.6f}\n",
      iterations, median(clock), median(all), median(all.first(kWindow)), median(all.last(kWindow)),
      worker.events().stats().reuseRatio());
  return 0;
}
