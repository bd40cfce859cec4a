#include "analysis/growth_series.hpp"

#include <doctest/doctest.h>

#include "analysis/finding.hpp"

using namespace leakgate;

namespace {

const Work kDoubled{0, 1000, 2000, 4000, 8000};
const Work kExtended{0, 1000, 2000, 4000, 8000, 16000, 32000};

struct Shape {
  const char* name;
  Series series;
  Pattern expected;
};

}  // namespace

TEST_CASE("proportional is what one slope explains at every checkpoint") {
  CHECK(exactlyProportional({0, 1000, 2000, 4000, 8000}, kDoubled));
  CHECK(exactlyProportional({0, 333, 666, 1333, 2666}, kDoubled));  // one in three, rounded down
  CHECK(
      exactlyProportional({0, 0, 0, 0, 1, 2, 4}, kExtended));  // one in 8,000: too little to prove, see below
  CHECK_FALSE(exactlyProportional({0, 1002, 2000, 4000, 8000}, kDoubled));
  CHECK_FALSE(exactlyProportional({0, 1000, 2000, 3000, 4000}, kDoubled));
  CHECK_FALSE(exactlyProportional({0, 1000, 1000, 1000, 1000}, kDoubled));
  CHECK_FALSE(exactlyProportional({0, 0, 0, 0, 0}, kDoubled));
  CHECK_FALSE(exactlyProportional({0, -5, -10, -20, -40}, kDoubled));
}

TEST_CASE("a rise while the counter stood still is not proportional to it") {
  CHECK(exactlyProportional({0, 5, 5, 5, 15}, {0, 10, 10, 10, 30}));
  CHECK_FALSE(exactlyProportional({0, 5, 9, 9, 15}, {0, 10, 10, 10, 30}));
}

TEST_CASE("a unit of many bytes rounds by as much") {
  // A buffer that gets 4,096 more every 1,500 requests.
  const Series chunks{0, 0, 4096, 8192, 20480};
  CHECK_FALSE(exactlyProportional(chunks, kDoubled, 1));
  CHECK(exactlyProportional(chunks, kDoubled, 4096));
}

TEST_CASE("near proportional allows counting noise, and no more") {
  CHECK(misfit({0, 103, 197, 405, 801}, kDoubled) < 1);  // one in ten, by chance
  CHECK(misfit({0, 160, 210, 405, 801}, kDoubled) > 1);
  CHECK(misfit({0, 500, 700, 760, 770}, kDoubled) > 1);  // fills up
  CHECK(misfit({0, 2, 4, 8, 16}, kDoubled) > 1);         // too little to decide
}

TEST_CASE("a proof needs three rises, the last interval, and eight units") {
  CHECK(risesThroughout({0, 1, 2, 4, 8}));
  CHECK_FALSE(risesThroughout({0, 1, 1, 2, 3}));
  CHECK_FALSE(risesThroughout({0, 0, 0, 1, 2, 4}));
  CHECK(risesThroughout({0, 0, 0, 1, 2, 4, 8}));
  CHECK_FALSE(risesThroughout({0, 64, 128, 256, 448}, 64));
  CHECK(risesThroughout({0, 64, 128, 256, 512}, 64));
  CHECK_FALSE(risesThroughout({0, 0, 0, 40, 80}));
  CHECK_FALSE(risesThroughout({0, 10, 20, 40, 40}));
  CHECK_FALSE(risesThroughout({0, 10, 5, 40, 80}));
}

TEST_CASE("the shape of what is not proportional") {
  const Shape shapes[] = {
      {"nothing", {0, 0, 0, 0, 0}, Pattern::flat},
      {"one lazy initialisation", {0, 0, 1, 1, 1}, Pattern::oneOff},
      {"the same in the last block", {0, 0, 0, 0, 64}, Pattern::oneOff},
      {"a cache that is full", {0, 400, 500, 500, 500}, Pattern::bounded},
      {"a cache that fills as coupons are collected", {0, 124, 134, 135, 135}, Pattern::bounded},
      {"not yet extended, so not proved", {0, 10, 16, 22, 28}, Pattern::bounded},
      {"extended once, so not proved", {0, 10, 16, 22, 28, 34}, Pattern::bounded},
      {"a logarithm", {0, 10, 16, 22, 28, 34, 40}, Pattern::slow},
      {"one more with each doubling", {0, 1, 2, 3, 4, 5, 6}, Pattern::slow},
      {"a cache that is all but full", {0, 800, 900, 950, 960, 962, 963}, Pattern::bounded},
      // Of 12,000 keys drawn at random: one in seven of the last requests in the block before met a new one.
      {"a cache that would be full after one block more",
       {0, 1900, 3460, 5720, 8240, 11000, 11900},
       Pattern::bounded},
      {"a vector", {0, 4096, 12288, 28672, 61440, 126976, 258048}, Pattern::stepped},
      {"a vector's last jump was not in the last interval", {0, 4096, 4096, 12288, 12288}, Pattern::bounded},
      {"work in progress", {0, 30, 10, 40, 5}, Pattern::sawtooth},
      {"up and down around nothing", {0, -1, 1, 0, 0}, Pattern::sawtooth},
  };
  for (const auto& [name, series, expected] : shapes) {
    CAPTURE(name);
    CHECK(toString(shapeOf(series)) == toString(expected));
  }
}

TEST_CASE("a root outgrows a logarithm") {
  CHECK_FALSE(outgrowsLogarithm({0, 10, 16, 22, 28, 34, 40}));
  CHECK_FALSE(outgrowsLogarithm({0, 1, 2, 3, 4, 5, 6}));
  CHECK(outgrowsLogarithm({0, 100, 141, 200, 283, 400, 566}));
}

TEST_CASE("more work is requested while it could change the verdict") {
  CHECK(mayStillRise({0, 0, 0, 0, 1}));
  CHECK(mayStillRise({0, 10, 16, 22, 28}));
  CHECK(mayStillRise({0, 30, 10, 40, 41}));
  CHECK(mayStillRise({0, 4096, 4096, 12288, 12288}));  // a vector between two doublings
  CHECK_FALSE(mayStillRise({0, 30, 10, 40, 35}));
  CHECK_FALSE(mayStillRise({0, 400, 500, 500, 500}));
  CHECK_FALSE(mayStillRise({0, 0, 0, 1, 1}));
  CHECK_FALSE(mayStillRise({0, 124, 134, 135, 135}));
  CHECK_FALSE(mayStillRise({0, 0, 0, 0, 0}));
}

TEST_CASE("the unit of bytes is what divides every rise, when allocations can have made it") {
  CHECK(byteUnitOf({0, 128, 320, 640, 1280}, 20) == 64);
  CHECK(byteUnitOf({0, 128, 320, 640, 1280}, 19) == 1);  // a vector: few allocations, large jumps
  CHECK(byteUnitOf({0, 1000, 2000, 4000, 8000}, 8) == 1000);
  CHECK(byteUnitOf({0, 0, 0, 0, 0}, 8) == 1);
  CHECK(byteUnitOf({0, -64, 0, 64, 0}, 8) == 64);
}
