#include "analysis/growth_words.hpp"

#include <doctest/doctest.h>

using namespace leakgate;

TEST_CASE("units per event, on both sides of a hundredth") {
  CHECK(unitsPerEvent(1) == "+1.000");
  CHECK(unitsPerEvent(-0.5) == "-0.500");
  CHECK(unitsPerEvent(0.01) == "+0.010");
  CHECK(unitsPerEvent(0.0099) == "+0.0099");
  CHECK(unitsPerEvent(0.0001) == "+0.0001");
  CHECK(unitsPerEvent(0) == "+0.000");
}

TEST_CASE("bytes per event: whole, with a decimal, and with three digits below one") {
  CHECK(bytesPerEvent(64) == "+64 B");
  CHECK(bytesPerEvent(-17) == "-17 B");
  CHECK(bytesPerEvent(199.92) == "+199.9 B");
  CHECK(bytesPerEvent(0.0042) == "+0.0042 B");
}
