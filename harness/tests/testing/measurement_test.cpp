// Code that keeps memory and code that does not, measured in the test's own process.
#include <doctest/doctest.h>

#include <cstdlib>
#include <cstring>
#include <leakgate/testing.hpp>
#include <list>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace leakgate::testing;

namespace {

std::vector<void*> gKept(100'000);
std::size_t gKeptCount = 0;

[[gnu::noinline]] void keepOne(std::size_t bytes) { gKept[gKeptCount++] = std::malloc(bytes); }

bool names(const Measurement& measurement, const std::string& function) {
  for (const GrowingStack& stack : measurement.growing)
    for (const std::string& frame : stack.frames)
      if (frame.find(function) != std::string::npos) return true;
  return false;
}

}  // namespace

TEST_CASE("code that keeps nothing has allocations and no growth") {
  std::list<int> list;
  const Measurement measurement = measure([&] {
    list.push_back(1);
    list.clear();
  });
  CHECK(measurement.allocationsPerIteration == 1);
  CHECK(measurement.allocatedBytesPerIteration == 24);
  CHECK(measurement.liveBlocksPerIteration == 0);
  CHECK(measurement.liveBytesPerIteration == 0);
  CHECK_FALSE(measurement.grows());
}

TEST_CASE("code that allocates nothing has no allocations") {
  const Measurement measurement = measure([] {});
  CHECK(measurement.allocationsPerIteration == 0);
  CHECK(measurement.liveBlocksPerIteration == 0);
}

TEST_CASE("a block that stays is found with its stack") {
  const Measurement measurement = measure([] { keepOne(17); });
  CHECK(measurement.liveBlocksPerIteration == 1);
  CHECK(measurement.liveBytesPerIteration == 17);
  REQUIRE(measurement.growing.size() == 1);
  CHECK(measurement.growing[0].blocksPerIteration == 1);
  CHECK(measurement.growing[0].bytesPerIteration == 17);
  CHECK(names(measurement, "keepOne"));
  CHECK_FALSE(names(measurement, "leakgate::testing::"));
  CHECK(measurement.text().find("+1 blocks, +17 B stay per iteration (1000 iterations after 100)") == 0);
}

TEST_CASE("a block in ten calls, and two places together") {
  int call = 0;
  const Measurement measurement = measure([&] {
    if (++call % 10 == 0) keepOne(8);
    gKept[gKeptCount++] = ::strdup("four");
  });
  CHECK(measurement.liveBlocksPerIteration == doctest::Approx(1.1));
  REQUIRE(measurement.growing.size() == 2);
  CHECK(measurement.growing[0].bytesPerIteration == 5);
  CHECK(measurement.growing[1].blocksPerIteration == doctest::Approx(0.1));
}

TEST_CASE("a vector that is never cleared grows by its bytes") {
  std::vector<char> journal;
  CHECK(measure([&] { journal.insert(journal.end(), 100, 'x'); }).grows());
  std::vector<char> bounded;
  CHECK_FALSE(measure([&] {
                bounded.insert(bounded.end(), 100, 'x');
                if (bounded.size() > 4'000) bounded.clear();
              }).grows());
}

TEST_CASE("what comes once, in the middle, is not growth") {
  int call = 0;
  CHECK_FALSE(measure([&] {
                if (++call == 500) keepOne(64);
              }).grows());
}

TEST_CASE("another thread's allocations count") {
  const Measurement measurement = measure([] { std::thread([] { keepOne(33); }).join(); }, {10, 100});
  CHECK(measurement.liveBytesPerIteration == 33);
}

TEST_CASE("requireNoGrowth throws with the stack, and lets the callable's own exception pass") {
  CHECK_NOTHROW(requireNoGrowth([] { std::make_unique<int>(1); }));
  CHECK_THROWS_AS(requireNoGrowth([] { keepOne(9); }), GrowthError);
  std::string what;
  try {
    LEAKGATE_REQUIRE_NO_GROWTH(keepOne(9));
  } catch (const GrowthError& error) {
    what = error.what();
  }
  CHECK(what.find("keepOne") != std::string::npos);
  CHECK_THROWS_AS(requireNoGrowth([] { throw 1; }), int);
}

TEST_CASE("too few repetitions are refused") {
  CHECK_THROWS_AS(measure([] {}, {0, 3}), std::invalid_argument);
}
