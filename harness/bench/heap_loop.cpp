// Times malloc and free: heap_loop DEPTH LIVE PAIRS prints the nanoseconds of CPU time for a pair, and the
// bytes that the process held at most. PAIRS is rounded down to a multiple of 80.
//
// DEPTH frames deep, from eight call sites with a size each, 16 to 128 bytes; with LIVE blocks at a time,
// freed in random order; LIVE 0: each is freed at once. The sites are called directly: through a table of
// functions the processor guesses wrong where to go, and what a hook costs would hide behind that.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <utility>
#include <vector>

namespace {

uint32_t gSeed = 7;

uint32_t draw() {
  gSeed ^= gSeed << 13;
  gSeed ^= gSeed >> 17;
  gSeed ^= gSeed << 5;
  return gSeed;
}

double cpuNs() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

uint64_t peakBytes() {
  uint64_t kib = 0;
  char line[256];
  FILE* status = fopen("/proc/self/status", "r");
  while (status != nullptr && fgets(line, sizeof line, status) != nullptr)
    sscanf(line, "VmHWM: %lu kB", &kib);
  if (status != nullptr) fclose(status);
  return kib * 1024;
}

template <unsigned Site>
[[gnu::noipa]] void* allocateAt() {
  void* block = malloc(Site * 16 + 16);
  asm volatile("" : : "i"(Site) : "memory");
  return block;
}

using Sites = std::make_integer_sequence<unsigned, 8>;

void replaceOne(std::vector<void*>& live, void* block) {
  void*& place = live[draw() % live.size()];
  free(place);
  place = block;
}

template <unsigned... Site>
void replaceRound(std::vector<void*>& live, std::integer_sequence<unsigned, Site...>) {
  (replaceOne(live, allocateAt<Site>()), ...);
}

template <unsigned... Site>
void freeRound(std::integer_sequence<unsigned, Site...>) {
  (free(allocateAt<Site>()), ...);
}

// A block for each pair: the places are visited in random order when there are many.
[[gnu::noipa]] double run(std::vector<void*>& live, uint64_t pairs) {
  const double before = cpuNs();
  for (uint64_t i = 0; i < pairs; i += Sites::size()) replaceRound(live, Sites());
  return (cpuNs() - before) / static_cast<double>(pairs);
}

[[gnu::noipa]] double runTight(uint64_t pairs) {
  const double before = cpuNs();
  for (uint64_t i = 0; i < pairs; i += Sites::size()) freeRound(Sites());
  return (cpuNs() - before) / static_cast<double>(pairs);
}

[[gnu::noipa]] double runAt(unsigned depth, std::vector<void*>& live, uint64_t pairs) {
  const double ns = depth > 0      ? runAt(depth - 1, live, pairs)
                    : live.empty() ? runTight(pairs)
                                   : run(live, pairs);
  asm volatile("" : : : "memory");
  return ns;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 4) return fprintf(stderr, "usage: heap_loop DEPTH LIVE PAIRS\n"), 2;
  const auto depth = static_cast<unsigned>(strtoul(arguments[1], nullptr, 10));
  const uint64_t pairs = strtoull(arguments[3], nullptr, 10) / 80 * 80;
  std::vector<void*> live(strtoul(arguments[2], nullptr, 10));
  runAt(depth, live, pairs / 10);
  const double ns = runAt(depth, live, pairs);
  printf("%.3f %lu\n", ns, peakBytes());
  for (void* block : live) free(block);
  return 0;
}
