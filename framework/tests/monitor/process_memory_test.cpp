#include "monitor/process_memory.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

namespace {

constexpr std::size_t kBytes = 10 * 1024 * 1024;

double liveBytes() { return static_cast<double>(h3::heapLiveBytesOfProcess() + h3::heapLiveBytesOfThread()); }

}  // namespace

TEST_CASE("live bytes follow what is allocated and freed, small blocks and large") {
  for (const std::size_t blockBytes : {std::size_t{1024}, kBytes}) {
    CAPTURE(blockBytes);
    const double before = liveBytes();
    {
      std::vector<std::unique_ptr<char[]>> blocks(kBytes / blockBytes);
      for (auto& block : blocks) block = std::make_unique<char[]>(blockBytes);
      CHECK(liveBytes() - before == doctest::Approx(static_cast<double>(kBytes)).epsilon(0.05));
    }
    CHECK(liveBytes() - before < 100'000);
  }
}

TEST_CASE("the resident set follows what is touched") {
  const h3::ResidentMeter meter;
  const std::uint64_t before = meter.bytes();
  const auto touched = std::make_unique<char[]>(kBytes);
  std::memset(touched.get(), 1, kBytes);
  CHECK(before > 1'000'000);
  CHECK(meter.bytes() > before + kBytes / 2);
}
