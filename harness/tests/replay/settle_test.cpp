#include "replay/settle.hpp"

#include <doctest/doctest.h>

#include "replay/app_metrics.hpp"
#include "replay/measure_error.hpp"

using namespace leakgate;

TEST_CASE("a target at rest settles after the quiet time") {
  const SettleResult result = waitUntilQuiet([] { return Activity{}; }, std::chrono::seconds(5));
  CHECK(result.settled);
  CHECK(result.elapsedNs >= 50'000'000);
}

TEST_CASE("each kind of change starts the quiet time again") {
  for (int kind = 0; kind < 3; ++kind) {
    int reads = 0;
    const auto read = [&] {
      Activity activity;
      const std::uint64_t value = ++reads < 8 ? static_cast<std::uint64_t>(reads) : 8;
      if (kind == 0) activity.memory.frees = value;
      if (kind == 1) activity.descriptors = value;
      if (kind == 2) activity.threads = value;
      return activity;
    };
    const SettleResult result = waitUntilQuiet(read, std::chrono::seconds(5));
    CHECK(result.settled);
    CHECK(result.elapsedNs >= 50'000'000 + 7 * 5'000'000);
  }
}

TEST_CASE("a target that never rests is given up at the timeout") {
  std::uint64_t ticks = 0;
  const SettleResult result = waitUntilQuiet(
      [&] {
        return Activity{{}, 0, ++ticks};
      },
      std::chrono::milliseconds(120));
  CHECK_FALSE(result.settled);
  CHECK(result.elapsedNs >= 120'000'000);
}

TEST_CASE("metrics are flattened to dotted names") {
  const auto numbers =
      flattenNumbers(R"({"pool": {"size": 3, "name": "x"}, "list": [1, {"a": 2.5}], "on": true, "n": -1})");
  CHECK(numbers ==
        std::map<std::string, double>{{"pool.size", 3}, {"list.0", 1}, {"list.1.a", 2.5}, {"n", -1}});
  CHECK_THROWS_AS(flattenNumbers("# HELP x\nx 1\n"), MeasureError);
  CHECK_THROWS_AS(flattenNumbers("3"), MeasureError);
}
