#include "report/utc_time.hpp"

#include <doctest/doctest.h>

using namespace leakgate;

TEST_CASE("times are read and dates written as UTC") {
  CHECK(secondsOf("1970-01-02T00:00:01Z") == 86401);
  CHECK_FALSE(secondsOf("1970-01-02"));
  CHECK_FALSE(secondsOf("1970-01-02T00:00:01+02:00"));
  CHECK(dateOf(1'796'018'129) == "2026-11-30");
  CHECK(dateOf(0) == "1970-01-01");
}
