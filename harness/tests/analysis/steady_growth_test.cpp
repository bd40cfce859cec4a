#include "analysis/steady_growth.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "record_builder.hpp"

using namespace leakgate;

namespace {

const Work kWork{0, 1000, 2000, 4000, 8000, 16000, 32000};

Series courseOf(double (*bytesAt)(double)) {
  Series series;
  for (const auto done : kWork)
    series.push_back(static_cast<std::int64_t>(bytesAt(static_cast<double>(done))));
  return series;
}

}  // namespace

TEST_CASE("what rises in proportion, on both sides of each limit") {
  struct Row {
    const char* name;
    Series series;
    bool rises;
  };
  const Series linear{0, 1 * kMiB, 2 * kMiB, 4 * kMiB, 8 * kMiB, 16 * kMiB, 32 * kMiB};
  for (const Row& row : {
           Row{"in proportion", linear, true},
           Row{"a late start", {0, 0, 0, 0, 4 * kMiB, 12 * kMiB, 28 * kMiB}, true},
           Row{"by pages of 2 MiB", {0, 0, 2 * kMiB, 4 * kMiB, 8 * kMiB, 16 * kMiB, 30 * kMiB}, true},
           Row{"4 MiB in all", {0, kMiB / 8, kMiB / 4, kMiB / 2, kMiB, 2 * kMiB, 4 * kMiB}, true},
           Row{"a byte less", {0, kMiB / 8, kMiB / 4, kMiB / 2, kMiB, 2 * kMiB, 4 * kMiB - 1}, false},
           Row{"stopped", {0, kMiB, 2 * kMiB, 4 * kMiB, 8 * kMiB, 16 * kMiB, 16 * kMiB}, false},
           Row{"slowing down", {0, kMiB, 2 * kMiB, 4 * kMiB, 8 * kMiB, 16 * kMiB, 26 * kMiB}, false},
           Row{"rests in one late interval",
               {0, kMiB, 2 * kMiB, 4 * kMiB, 4 * kMiB, 16 * kMiB, 32 * kMiB},
               false},
           Row{"came at once", {0, 0, 0, 0, 0, 0, 32 * kMiB}, false},
           Row{"falls", {0, kMiB, 2 * kMiB, 9 * kMiB, 8 * kMiB, 16 * kMiB, 32 * kMiB}, false},
           Row{"nothing", {0, 0, 0, 0, 0, 0, 0}, false},
       }) {
    CAPTURE(row.name);
    CHECK(risesSteadily(row.series, kWork, kResidentLimits) == row.rises);
  }
}

TEST_CASE("roots and logarithms of the work are no proportion") {
  CHECK(risesSteadily(courseOf([](double n) { return 1000 * n; }), kWork, kResidentLimits));
  CHECK_FALSE(risesSteadily(courseOf([](double n) { return 1e6 * std::sqrt(n); }), kWork, kResidentLimits));
  CHECK_FALSE(
      risesSteadily(courseOf([](double n) { return 1e7 * std::log(n + 1); }), kWork, kResidentLimits));
  CHECK_FALSE(risesSteadily(courseOf([](double n) { return 5e7 * (1 - std::exp(-n / 9000)); }), kWork,
                            kResidentLimits));
}

TEST_CASE("a run that was not extended proves nothing, and needs more work") {
  const Series series{0, 1 * kMiB, 2 * kMiB, 4 * kMiB, 8 * kMiB};
  const Work work{0, 1000, 2000, 4000, 8000};
  CHECK_FALSE(risesSteadily(series, work, kResidentLimits));
  CHECK(maySteadilyRise(series, work, kResidentLimits));
}

TEST_CASE("more work is requested while the rate lasts") {
  const Work work{0, 1000, 2000, 4000, 8000};
  CHECK(maySteadilyRise({0, 0, 0, 256 << 10, 512 << 10}, work, kResidentLimits));
  CHECK_FALSE(maySteadilyRise({0, 0, 0, 0, (256 << 10) - 1}, work, kResidentLimits));
  CHECK_FALSE(maySteadilyRise({0, 4 * kMiB, 5 * kMiB, 8 * kMiB, 9 * kMiB}, work, kResidentLimits));
  CHECK_FALSE(maySteadilyRise({0, 4 * kMiB}, {0, 1000}, kResidentLimits));
}

TEST_CASE("the late rate is that of the last three intervals") {
  CHECK(lateRate({0, 0, 0, 0, 4000, 12000, 28000}, kWork) == doctest::Approx(1.0));
  CHECK(lateRate({0, 10}, {0, 5}) == doctest::Approx(2.0));
}
