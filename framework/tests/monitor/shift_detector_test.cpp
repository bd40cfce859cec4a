#include "monitor/shift_detector.hpp"

#include <doctest/doctest.h>

#include <cstddef>

using h3::ShiftDetector;

namespace {

constexpr double kShiftTolerance = 0.05;

// Adds `count` windows whose values alternate closely around `level`. Returns how many were alarms.
int addWindows(ShiftDetector& detector, std::size_t count, double level, double load = 100) {
  int alarms = 0;
  for (std::size_t i = 0; i < count; ++i)
    alarms += detector.add(level + (i % 2 == 0 ? 0.001 : -0.001), load, kShiftTolerance).has_value() ? 1 : 0;
  return alarms;
}

}  // namespace

TEST_CASE("a rise beyond the tolerance is one alarm, and becomes the new reference") {
  ShiftDetector detector;
  CHECK(addWindows(detector, 200, 1.0) == 0);
  CHECK(detector.ready());
  CHECK(detector.reference() == doctest::Approx(1.0).epsilon(0.01));
  CHECK(addWindows(detector, 200, 1.1) == 1);
  CHECK(detector.reference() == doctest::Approx(1.1).epsilon(0.01));
}

TEST_CASE("a rise within the tolerance is none") {
  ShiftDetector detector;
  addWindows(detector, 200, 1.0);
  CHECK(addWindows(detector, 200, 1.04) == 0);
}

TEST_CASE("windows under more load are left out, and relearned when they last") {
  ShiftDetector detector;
  addWindows(detector, 200, 1.0);
  CHECK(addWindows(detector, ShiftDetector::kLasting - 1, 2.0, 151) == 0);
  CHECK(detector.reference() == doctest::Approx(1.0).epsilon(0.01));
  CHECK(addWindows(detector, 200, 2.0, 151) == 0);
  CHECK(detector.reference() == doctest::Approx(2.0).epsilon(0.01));
}

TEST_CASE("a fall is no alarm, and becomes the reference when it lasts") {
  ShiftDetector detector;
  addWindows(detector, 200, 1.0);
  CHECK(addWindows(detector, 400, 0.8) == 0);
  CHECK(detector.reference() == doctest::Approx(0.8).epsilon(0.01));
}
