#include "monitor/growth_detector.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

using h3::Growth;
using h3::GrowthDetector;

namespace {

constexpr double kMiB = 1024.0 * 1024;
constexpr double kTolerance = 64 * 1024;

using LiveCourse = std::function<double(double seconds)>;

// When this course of live bytes is reported, one value every half second.
std::vector<double> reports(
    const LiveCourse& liveBytes, double seconds, std::size_t windowsPerPoint = 1,
    const LiveCourse& connections = [](double) { return 100.0; }) {
  GrowthDetector detector(windowsPerPoint, kTolerance);
  std::vector<double> times;
  for (int halves = 1; halves <= 2 * seconds; ++halves) {
    const double now = 0.5 * halves;
    if (detector.add(now, liveBytes(now), connections(now))) times.push_back(now);
  }
  return times;
}

}  // namespace

TEST_CASE("steady growth is reported once, with a slope whose interval holds it") {
  std::mt19937_64 random(1);
  std::normal_distribution<double> noise(0, 20'000);
  GrowthDetector detector(1, kTolerance);
  std::vector<Growth> found;
  for (int halves = 1; halves <= 200; ++halves) {
    const double now = 0.5 * halves;
    if (const auto growth = detector.add(now, 50 * kMiB + 30'000 * now + noise(random), 100))
      found.push_back(*growth);
  }
  REQUIRE(found.size() == 1);
  CHECK(found[0].bytesPerSecond.low < 30'000);
  CHECK(found[0].bytesPerSecond.high > 30'000);
  CHECK(found[0].afterBytes > found[0].beforeBytes + kTolerance);
  CHECK(found[0].seconds == doctest::Approx(19));
}

TEST_CASE("what is not steady growth is not reported") {
  const struct {
    std::string name;
    LiveCourse liveBytes;
  } courses[] = {
      {"flat", [](double) { return kMiB; }},
      {"falling", [](double now) { return 50 * kMiB - 100'000 * now; }},
      {"less than the tolerance", [](double now) { return kMiB + 100 * now; }},
      {"a step", [](double now) { return now < 40 ? kMiB : 20 * kMiB; }},
      {"a cache that fills up", [](double now) { return kMiB + 30 * kMiB * (1 - std::exp(-now / 5)); }},
      {"a sawtooth", [](double now) { return kMiB + 8 * kMiB * std::fmod(now, 15); }},
      {"waves", [](double now) { return 9 * kMiB + 2 * kMiB * std::sin(now); }},
  };
  for (const auto& course : courses) {
    CAPTURE(course.name);
    CHECK(reports(course.liveBytes, 600).empty());
    CHECK(reports(course.liveBytes, 600, 16).empty());
  }
}

TEST_CASE("growth that stopped and came back is reported again") {
  const auto times =
      reports([](double now) { return kMiB + 100'000 * (now < 60    ? now
                                                        : now < 150 ? 60
                                                                    : now - 90); }, 250);
  REQUIRE(times.size() == 2);
  CHECK(times[0] < 30);
  CHECK(times[1] > 150);
  CHECK(times[1] < 180);
}

TEST_CASE("a slower leak is found over the longer horizon") {
  const LiveCourse leak = [](double now) { return 10 * kMiB + 1'000 * now; };
  CHECK(reports(leak, 600).empty());
  CHECK(reports(leak, 600, 16).size() == 1);
}

TEST_CASE("growth with the connections is theirs; growth beyond them is not") {
  const LiveCourse connections = [](double now) { return 100 + now; };
  const LiveCourse theirs = [](double now) { return 10 * kMiB + (100 + now) * 20'000; };
  CHECK(reports(theirs, 300, 1, connections).empty());
  CHECK(reports(theirs, 300).size() == 1);
  const LiveCourse more = [&](double now) { return theirs(now) + 500'000 * now; };
  CHECK(reports(more, 300, 1, connections).size() == 1);
}
