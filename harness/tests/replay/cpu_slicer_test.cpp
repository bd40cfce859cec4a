#include "replay/cpu_slicer.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include "replay/process_sampler.hpp"

using namespace leakgate;

namespace {

constexpr std::uint64_t kPlanned = 8 * 16 * 10;  // slices of ten requests

Checkpoint after(std::uint64_t requests) {
  Checkpoint checkpoint;
  checkpoint.requests = requests;
  checkpoint.process.rows.push_back({.pid = ::getpid()});
  return checkpoint;
}

// Until this process has worked for another microsecond.
void work() {
  const std::uint64_t start = processCpuNs(::getpid());
  while (processCpuNs(::getpid()) < start + 1'000) {
  }
}

std::vector<CpuSlice> slicesOf(const Checkpoint& before, std::uint64_t requests) {
  std::vector<CpuSlice> slices;
  CpuSlicer slicer(kPlanned, slices);
  REQUIRE(slicer.size() == 10);
  slicer.begin(before, requests);
  for (std::uint64_t done = slicer.size(); done <= requests; done += slicer.size()) {
    work();
    slicer.read(done);
  }
  return slices;
}

}  // namespace

TEST_CASE("the shortest planned block is cut without gaps") {
  const auto slices = slicesOf(after(500), kPlanned / 8);
  REQUIRE(slices.size() == 16);
  for (std::size_t k = 0; k < slices.size(); ++k) {
    CHECK(slices[k].end == 500 + 10 * (k + 1));
    CHECK(slices[k].requests == 10);
    CHECK(slices[k].cpuNs >= 1'000);
  }
}

TEST_CASE("a long block has slices of the same size, with gaps between them, and a limit of their number") {
  const std::uint64_t requests = 20 * kPlanned;
  const auto slices = slicesOf(after(0), requests);
  CHECK(slices.size() == CpuSlicer::kMaxSlices);
  CHECK(slices.front().requests == 10);
  CHECK(slices.back().requests == 10);
  CHECK(slices.back().end > requests - requests / CpuSlicer::kMaxSlices);
}

TEST_CASE("a process that has ended makes no slice") {
  Checkpoint before = after(0);
  before.process.rows.front().pid = 1 << 22;  // the kernel gives none of this
  CHECK(slicesOf(before, kPlanned / 8).empty());
}
