#include "server/pace.hpp"

#include <doctest/doctest.h>

using h3::server::Pace;

namespace {

constexpr Pace::Limit kLimit{1000, 500};
constexpr std::uint64_t kStartMs = 1'000'000;

}  // namespace

TEST_CASE("a byte buys its time, and no more than the grace ahead") {
  Pace pace;
  pace.start(77, kStartMs, kLimit);
  CHECK_FALSE(pace.isTooSlow(kStartMs + 500));
  CHECK(pace.isTooSlow(kStartMs + 501));
  pace.record(177, kStartMs + 300, kLimit);
  CHECK_FALSE(pace.isTooSlow(kStartMs + 600));
  CHECK(pace.isTooSlow(kStartMs + 601));
  pace.record(1'000'000, kStartMs + 400, kLimit);
  CHECK_FALSE(pace.isTooSlow(kStartMs + 900));
  CHECK(pace.isTooSlow(kStartMs + 901));
}

TEST_CASE("a total that becomes smaller buys nothing, and nothing twice") {
  Pace pace;
  pace.start(100, kStartMs, kLimit);
  pace.record(200, kStartMs + 200, kLimit);
  pace.record(150, kStartMs + 200, kLimit);
  pace.record(200, kStartMs + 200, kLimit);
  CHECK(pace.isTooSlow(kStartMs + 601));
}

TEST_CASE("the rate is that of the last seconds, unknown at first") {
  Pace pace;
  pace.start(0, kStartMs, kLimit);
  CHECK(pace.bytesPerSecond() == Pace::kUnknown);
  pace.record(0, kStartMs, kLimit);
  CHECK(pace.bytesPerSecond() == Pace::kUnknown);
  pace.record(1'000, kStartMs + 250, kLimit);
  CHECK(pace.bytesPerSecond() == 4'000);
  pace.record(1'000, kStartMs + 500, kLimit);
  CHECK(pace.bytesPerSecond() == 3'000);
  for (std::uint64_t ms = 750; ms < 10'000; ms += 250) pace.record(1'000, kStartMs + ms, kLimit);
  CHECK(pace.bytesPerSecond() == 0);
  pace.start(0, kStartMs, kLimit);
  CHECK(pace.bytesPerSecond() == Pace::kUnknown);
}
