#include "server/pace.hpp"

#include <doctest/doctest.h>

using h3::server::Pace;

namespace {

constexpr Pace::Limit kLimit{1000, 500};
constexpr std::uint64_t kPaceStartMs = 1'000'000;

}  // namespace

TEST_CASE("a byte buys its time, and no more than the grace ahead") {
  Pace pace;
  pace.start(77, kPaceStartMs, kLimit);
  CHECK_FALSE(pace.isTooSlow(kPaceStartMs + 500));
  CHECK(pace.isTooSlow(kPaceStartMs + 501));
  pace.record(177, kPaceStartMs + 300, kLimit);
  CHECK_FALSE(pace.isTooSlow(kPaceStartMs + 600));
  CHECK(pace.isTooSlow(kPaceStartMs + 601));
  pace.record(1'000'000, kPaceStartMs + 400, kLimit);
  CHECK_FALSE(pace.isTooSlow(kPaceStartMs + 900));
  CHECK(pace.isTooSlow(kPaceStartMs + 901));
}

TEST_CASE("a total that becomes smaller buys nothing, and nothing twice") {
  Pace pace;
  pace.start(100, kPaceStartMs, kLimit);
  pace.record(200, kPaceStartMs + 200, kLimit);
  pace.record(150, kPaceStartMs + 200, kLimit);
  pace.record(200, kPaceStartMs + 200, kLimit);
  CHECK(pace.isTooSlow(kPaceStartMs + 601));
}

TEST_CASE("the rate is that of the last seconds, unknown at first") {
  Pace pace;
  pace.start(0, kPaceStartMs, kLimit);
  CHECK(pace.bytesPerSecond() == Pace::kUnknown);
  pace.record(0, kPaceStartMs, kLimit);
  CHECK(pace.bytesPerSecond() == Pace::kUnknown);
  pace.record(1'000, kPaceStartMs + 250, kLimit);
  CHECK(pace.bytesPerSecond() == 4'000);
  pace.record(1'000, kPaceStartMs + 500, kLimit);
  CHECK(pace.bytesPerSecond() == 3'000);
  for (std::uint64_t ms = 750; ms < 10'000; ms += 250) pace.record(1'000, kPaceStartMs + ms, kLimit);
  CHECK(pace.bytesPerSecond() == 0);
  pace.start(0, kPaceStartMs, kLimit);
  CHECK(pace.bytesPerSecond() == Pace::kUnknown);
}
