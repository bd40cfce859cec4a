#include "replay/settle.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>

#include "replay/app_metrics.hpp"
#include "replay/measure_error.hpp"

using namespace leakgate;
using State = SettleWatch::State;

namespace {

constexpr std::uint64_t kMs = 1'000'000;

Activity afterEvents(std::uint64_t events) {
  Activity activity;
  activity.memory.allocations = (events + 1) / 2;
  activity.memory.frees = events / 2;
  return activity;
}

// A reading every 5 ms; events so far as a function of the time in ms.
struct Outcome {
  State state = State::unsettled;
  std::uint64_t ms = 0;
  double rate = 0;
};
Outcome settleOf(const std::function<std::uint64_t(std::uint64_t)>& eventsAt, double knownRate = 0,
                 std::uint64_t untilMs = 5'000, std::uint64_t stepMs = 5) {
  SettleWatch watch(knownRate);
  for (std::uint64_t ms = 0; ms <= untilMs; ms += stepMs) {
    const State state = watch.observe(ms * kMs, afterEvents(eventsAt(ms)));
    if (state != State::unsettled) return {state, ms, watch.eventsPerSecond()};
  }
  return {State::unsettled, untilMs, watch.eventsPerSecond()};
}

}  // namespace

TEST_CASE("a target at rest is quiet after 50 ms") {
  const Outcome outcome = settleOf([](std::uint64_t) { return 7; });
  CHECK(outcome.state == State::quiet);
  CHECK(outcome.ms == 50);
}

TEST_CASE("a thread that waits for a processor is about to do something; one that spins is not waited for") {
  SettleWatch starved(0);
  Activity activity;
  for (std::uint64_t ms = 0; ms < 300; ms += 5) {
    activity.runs = ms <= 200;
    CHECK((starved.observe(ms * kMs, activity) == State::quiet) == (ms >= 250));
  }
  SettleWatch spinning(0);
  activity.runs = true;
  for (std::uint64_t ms = 0; ms < 600; ms += 5)
    CHECK((spinning.observe(ms * kMs, activity) == State::quiet) == (ms >= 500));
}

TEST_CASE("each kind of change starts the quiet time again") {
  for (int kind = 0; kind < 4; ++kind) {
    SettleWatch watch(0);
    for (std::uint64_t ms = 0; ms <= 80; ms += 5) {
      const std::uint64_t value = std::min<std::uint64_t>(ms, 40);
      Activity activity;
      if (kind == 0) activity.memory.frees = value;
      if (kind == 1) activity.descriptors = value;
      if (kind == 2) activity.threads = 100 - value;
      if (kind == 3) activity.memory.allocations = value;
      CAPTURE(kind);
      CAPTURE(ms);
      CHECK(watch.observe(ms * kMs, activity) == State::unsettled);
    }
    Activity last;
    (kind == 0   ? last.memory.frees
     : kind == 1 ? last.descriptors
     : kind == 2 ? last.threads
                 : last.memory.allocations) = kind == 2 ? 60 : 40;
    CHECK(watch.observe(90 * kMs, last) == State::quiet);
  }
}

TEST_CASE("a heartbeat is steady after a second, and after a quarter of one when its rate is known") {
  // Every 10 ms a block; every 30 ms one that is freed again; a thousand events a millisecond.
  const std::function<std::uint64_t(std::uint64_t)> rates[] = {
      [](std::uint64_t ms) { return ms / 10; },
      [](std::uint64_t ms) { return 2 * (ms / 30); },
      [](std::uint64_t ms) { return 1'000 * ms; },
  };
  for (const auto& rate : rates) {
    const Outcome first = settleOf(rate);
    CHECK(first.state == State::steady);
    CHECK(first.ms == 1'000);
    CHECK(first.rate == doctest::Approx(static_cast<double>(rate(1'000))));
    const Outcome next = settleOf(rate, first.rate);
    CHECK(next.state == State::steady);
    CHECK(next.ms == 250);
  }
}

TEST_CASE("readings that come late change nothing") {
  CHECK(settleOf([](std::uint64_t ms) { return ms / 10; }, 0, 5'000, 90).state == State::steady);
  CHECK(settleOf([](std::uint64_t ms) { return ms / 10; }, 100, 5'000, 40).ms <= 280);
}

TEST_CASE("work that is left over is waited for") {
  // A queue is worked off in 700 ms, then the heartbeat alone is left.
  const auto drain = [](std::uint64_t ms) { return 50 * std::min<std::uint64_t>(ms, 700) + ms / 10; };
  const Outcome known = settleOf(drain, 100);
  CHECK(known.state == State::steady);
  CHECK(known.ms >= 900);
  CHECK(known.ms <= 960);
  const Outcome unknown = settleOf(drain);
  CHECK(unknown.state == State::steady);
  CHECK(unknown.ms >= 1'600);
  // The same without a heartbeat ends in rest.
  const Outcome rest = settleOf([](std::uint64_t ms) { return 50 * std::min<std::uint64_t>(ms, 700); });
  CHECK(rest.state == State::quiet);
  CHECK(rest.ms == 750);
}

TEST_CASE("work that dies down slowly is not steady") {
  const auto dying = [](std::uint64_t ms) {
    return static_cast<std::uint64_t>(100'000 * (1 - std::pow(0.7, static_cast<double>(ms) / 100)));
  };
  CHECK(settleOf(dying, 0, 1'500).state == State::unsettled);
}

namespace {

// Time passes only where it is slept.
struct Simulated {
  std::uint64_t ms = 0;
  Settler settler{
      {[this] { return ms * kMs; },
       [this](std::chrono::milliseconds time) { ms += static_cast<std::uint64_t>(time.count()); }}};
  SettleResult wait(const std::function<std::uint64_t(std::uint64_t)>& eventsAt) {
    return settler.wait([&] { return afterEvents(eventsAt(ms)); }, std::chrono::seconds(5));
  }
  void learn(const std::function<std::uint64_t(std::uint64_t)>& eventsAt) {
    settler.learn([&] { return afterEvents(eventsAt(ms)); });
  }
};

std::uint64_t heartbeat(std::uint64_t ms) { return ms / 10; }

}  // namespace

TEST_CASE("a target that keeps no rate is given up at the timeout, once") {
  Simulated simulated;
  const auto bursts = [](std::uint64_t ms) { return ms / 40 + 500 * ((ms + 300) / 700); };
  const SettleResult first = simulated.wait(bursts);
  CHECK_FALSE(first.settled);
  CHECK_FALSE(first.steady);
  CHECK(first.elapsedNs == 5'000 * kMs);
  const SettleResult next = simulated.wait(bursts);
  CHECK(next.steady);
  CHECK(next.elapsedNs < 1'000 * kMs);
}

TEST_CASE("the rate before the first request is the target's own") {
  Simulated simulated;
  simulated.learn(heartbeat);
  CHECK(simulated.ms == 300);
  const SettleResult result = simulated.wait(heartbeat);
  CHECK(result.settled);
  CHECK(result.steady);
  CHECK(result.eventsPerSecond == doctest::Approx(100).epsilon(0.1));
  CHECK(result.elapsedNs == 250 * kMs);
  CHECK(Simulated().wait(heartbeat).elapsedNs == 1'000 * kMs);
}

TEST_CASE("a target at rest costs 20 ms to learn") {
  Simulated simulated;
  simulated.learn([](std::uint64_t) { return 3; });
  CHECK(simulated.ms == 20);
}

TEST_CASE("a target that spins before the first request is not waited for") {
  Simulated simulated;
  const auto spin = [] {
    Activity activity;
    activity.runs = true;
    return activity;
  };
  simulated.settler.learn(spin);
  CHECK(simulated.ms == 400);
  CHECK(simulated.settler.wait(spin, std::chrono::seconds(5)).elapsedNs == 50 * kMs);
}

TEST_CASE("metrics are flattened to dotted names") {
  const auto numbers =
      flattenNumbers(R"({"pool": {"size": 3, "name": "x"}, "list": [1, {"a": 2.5}], "on": true, "n": -1})");
  CHECK(numbers ==
        std::map<std::string, double>{{"pool.size", 3}, {"list.0", 1}, {"list.1.a", 2.5}, {"n", -1}});
  CHECK_THROWS_AS(flattenNumbers("# HELP x\nx 1\n"), MeasureError);
  CHECK_THROWS_AS(flattenNumbers("3"), MeasureError);
}
