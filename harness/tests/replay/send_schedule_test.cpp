#include "replay/send_schedule.hpp"

#include <doctest/doctest.h>

using namespace leakgate;

TEST_CASE("an open loop: requests are due at equal intervals, without adding up their rounding") {
  const SendSchedule thirds{1'000, 50, 1e9 / 3};
  CHECK(thirds.isOpenLoop());
  CHECK(thirds.dueNs(50) == 1'000);
  CHECK(thirds.dueNs(51) == 333'334'333);
  CHECK(thirds.dueNs(50 + 3'000'000) == 1'000'000'000'001'000);
}

TEST_CASE("a closed loop: every request is due at the start") {
  const SendSchedule closed{1'000, 50, 0};
  CHECK_FALSE(closed.isOpenLoop());
  CHECK(closed.dueNs(9'999) == 1'000);
}
