#include "monitor/fixed_log2.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

using h3::fixedLog2;

TEST_CASE("powers of two are exact") {
  for (unsigned i = 0; i < 64; ++i) CHECK(fixedLog2(std::uint64_t{1} << i) == i * h3::kFixedLog2One);
}

TEST_CASE("at most two units beside std::log2, and never falling") {
  std::uint64_t before = 0;
  double worst = 0;
  for (std::uint64_t value = 1; value < std::numeric_limits<std::uint64_t>::max() / 2;
       value += value / 997 + 1) {
    const std::uint64_t found = fixedLog2(value);
    CHECK(found >= before);
    before = found;
    worst = std::max(worst,
                     std::abs(static_cast<double>(found) - std::log2(static_cast<double>(value)) * 65'536));
  }
  CHECK(worst <= 2);
}
