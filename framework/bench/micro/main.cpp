// h3-bench: what H3's parts cost, one at a time.
#include <benchmark/benchmark.h>

#include "allocation_window.hpp"

int main(int argc, char** argv) {
  bench::registerMemoryManager();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
