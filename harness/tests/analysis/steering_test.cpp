// Whole runs over modelled servers: sick ones are found with what they follow, clean ones are not, on
// machines of any speed and whatever chance brings.
#include "analysis/steering.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "analysis/analyse.hpp"
#include "analysis/detection.hpp"
#include "analysis/stack_growth.hpp"
#include "judged_model.hpp"
#include "server_models.hpp"

using namespace leakgate;

namespace {

constexpr std::uint64_t kSeeds = 3;

}  // namespace

TEST_CASE("sick servers are found, with what they follow, on slow machines and on fast ones") {
  const Sick servers[] = {
      {"a block a request", every(1), Follows::request, 1},
      {"one in 3.5", every(3.5), Follows::request, 1 / 3.5},
      {"one in 1,000", every(1'000), Follows::request, 0.001},
      {"one in 1,000 at random", atRandom(1'000), Follows::request, 0.001, 0.5},
      {"one in 3,000 at random", atRandom(3'000), Follows::request, 1.0 / 3'000, 0.6},
      {"beneath sessions of 5 s", sessions(5, 10), Follows::request, 0.1},
      {"beneath sessions of a minute", sessions(60, 4), Follows::request, 0.25},
      {"rarely beneath sessions of 5 s", sessions(5, 1'000), Follows::request, 0.001, 0.1},
      {"beneath sessions of 2 s", sessions(2, 10), Follows::request, 0.1},
      {"rarely beneath sessions of 2 s", sessions(2, 1'000), Follows::request, 0.001, 0.1},
      {"beneath sessions of 1 s", sessions(1, 20), Follows::request, 0.05},
      {"beneath batches of 0.5 s", batches(0.5, 20), Follows::request, 0.025, 0.05},
      {"rarely beneath batches of 0.5 s", batches(0.5, 200), Follows::request, 0.0025, 0.2},
      {"beneath batches of 2 s", batches(2, 20), Follows::request, 0.025, 0.05},
      {"beneath a collector", noisy(Noise::collector, 3'000, 20), Follows::request, 0.05, 0.3},
      {"beneath a large collector", noisy(Noise::collector, 20'000, 4), Follows::request, 0.25, 0.3},
      {"beneath noise", noisy(Noise::uniform, 3'000, 20), Follows::request, 0.05, 0.3},
      {"beneath a walk", noisy(Noise::walk, 1'000, 4), Follows::request, 0.25, 0.3},
      {"a thousand a second", eachSecond(1'000), Follows::time, 1'000},
      {"a hundred a second", eachSecond(100), Follows::time, 100},
      {"one a second", eachSecond(1), Follows::time, 1, 0.1},
      {"a hundred a second, nearly stopped now and then", eachSecondWhenNotStarved(100, 0.03), Follows::time,
       100, 0.5},
      {"a thousand a second, slow now and then", eachSecondWhenNotStarved(1'000, 0.2), Follows::time, 1'000,
       0.5},
  };
  for (const Sick& sick : servers) {
    for (const double perSecond : {1'000.0, 20'000.0, 50'000.0}) {
      for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        CAPTURE(sick.name);
        CAPTURE(perSecond);
        CAPTURE(seed);
        // A slow clock ticks too coarsely for a look of a second; what happened within it is the same.
        if (sick.follows == Follows::time && sick.perEvent < 10 && perSecond > 1'000) continue;
        const Analysis analysis = judged(sick.model, seed, {.perSecond = perSecond});
        CHECK(analysis.findings.size() == 1);
        if (analysis.findings.empty()) continue;
        const Finding& finding = analysis.findings.front();
        CHECK(toString(finding.follows) == toString(sick.follows));
        const bool time = sick.follows == Follows::time;
        CHECK(std::abs((time ? finding.blocksPerSecond : finding.blocksPerEvent) - sick.perEvent) <=
              sick.tolerance * sick.perEvent);
      }
    }
  }
}

TEST_CASE("clean servers are not found, on slow machines and on fast ones") {
  const Clean servers[] = {{"nothing", cappedAt(0)},
                           {"a list of 5,000", cappedAt(5'000)},
                           {"a list of 25,000", cappedAt(25'000)},
                           {"a list of 50,000", cappedAt(50'000)},
                           {"a list of 65,536", cappedAt(65'536)},
                           {"a list of 100,000", cappedAt(100'000)},
                           {"a cache of 400 keys", randomKeys(400)},
                           {"a cache of 12,000 keys", randomKeys(12'000)},
                           {"a cache of 40,000 keys", randomKeys(40'000)},
                           {"a cache of 100,000 keys", randomKeys(100'000)},
                           {"sessions of 5 s", sessions(5)},
                           {"sessions of a minute", sessions(60)},
                           {"sessions of 2 s", sessions(2)},
                           {"sessions of 1 s", sessions(1)},
                           {"batches of 0.5 s", batches(0.5)},
                           {"batches of 3 s", batches(3)},
                           {"sessions of 15 s that requests remove", lazySessions(15)},
                           {"sessions of 5 s in a table", tabledSessions(5)},
                           {"sessions of 20 s in a table", tabledSessions(20)},
                           {"sessions of 5 s from a pool", pooledSessions(5)},
                           {"sessions of a minute from a pool", pooledSessions(60)},
                           {"a collector", noisy(Noise::collector, 3'000, 0)},
                           {"a large collector", noisy(Noise::collector, 20'000, 0)},
                           {"noise", noisy(Noise::uniform, 3'000, 0)},
                           {"a walk", noisy(Noise::walk, 1'000, 0)},
                           {"a long walk", noisy(Noise::walk, 20'000, 0)},
                           {"rows of a logarithmic histogram",
                            [](std::uint64_t) {
                              return byRequests([](std::uint64_t n, double) {
                                return whole(40 * std::log2(static_cast<double>(n)));
                              });
                            }},
                           {"a table that a timer fills ever more slowly", nearing(50'000, 20)},
                           {"a small table that a timer fills ever more slowly", nearing(500, 20)},
                           {"a ring of 64, ten a second", ringOf(10, 64)},
                           {"a ring of 64, one a second", ringOf(1, 64)},
                           {"three late first times", [](std::uint64_t seed) {
                              return byRequests([=](std::uint64_t n, double) {
                                return (n > 5'000 + seed) + (n > 14'000 + seed) + (n > 30'000 + seed);
                              });
                            }}};
  for (const Clean& clean : servers) {
    for (const double perSecond : {1'000.0, 20'000.0, 50'000.0}) {
      for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        CAPTURE(clean.name);
        CAPTURE(perSecond);
        CAPTURE(seed);
        CHECK(judged(clean.model, seed, {.perSecond = perSecond}).findings.empty());
      }
    }
  }
}

TEST_CASE("a table that grows without bound is found beside sessions that are given back") {
  for (const double perSecond : {1'000.0, 20'000.0, 50'000.0}) {
    CAPTURE(perSecond);
    const Analysis analysis = judged(tabledSessions(5, true), 1, {.perSecond = perSecond});
    REQUIRE(analysis.findings.size() == 1);
    CHECK(analysis.findings.front().blocks.back() == 0);
    CHECK(analysis.findings.front().bytesPerEvent > 4);
  }
}

TEST_CASE("a run in which nothing rises is not longer") {
  RunRecord record;
  judged(cappedAt(1'000), 1, {}, &record);  // full after the warm-up
  CHECK(record.extensions == 0);
  CHECK(record.idle.empty());
  CHECK(record.rests.empty());
  CHECK(record.lookEnd == LookEnd::decided);
}

TEST_CASE("what went up and down gets a short rest, and rounds only while each adds its share") {
  for (const Clean& clean :
       {Clean{"a collector", noisy(Noise::collector, 3'000, 0)},
        Clean{"noise", noisy(Noise::uniform, 3'000, 0)}, Clean{"a walk", noisy(Noise::walk, 1'000, 0)},
        Clean{"sessions of 2 s", sessions(2)}, Clean{"batches of 0.5 s", batches(0.5)}}) {
    std::size_t rounds = 0;
    constexpr std::uint64_t kRuns = 10;
    for (std::uint64_t seed = 1; seed <= kRuns; ++seed) {
      CAPTURE(clean.name);
      CAPTURE(seed);
      RunRecord record;
      judged(clean.model, seed, {}, &record);
      if (record.idle.empty()) continue;
      REQUIRE_FALSE(record.rests.empty());
      rounds += record.rests.size() - 1;
      const double idleSeconds =
          static_cast<double>(record.idle.back().atNs - record.checkpoints.back().atNs) / 1e9;
      CHECK(idleSeconds < 7);
    }
    CHECK(rounds <= 2 * kRuns);
  }
}

TEST_CASE("batches that are in step with the readings are no leak") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    CHECK(judged(batches(0.5), seed, {.perSecond = 1'000}).findings.empty());
  }
}

TEST_CASE("a leak beneath batches is found, wherever the last checkpoint fell") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    CHECK(judged(batches(0.5, 20), seed, {}).findings.size() == 1);
    CHECK(judged(batches(0.5, 200), seed, {}).findings.size() == 1);
    CHECK(judged(batches(3, 20), seed, {.perSecond = 10'000}).findings.size() == 1);
  }
}

TEST_CASE("a place that went up and down is followed to the bound, wherever the checkpoints fell") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    RunRecord record;
    const Analysis analysis = judged(noisy(Noise::collector, 20'000, 4), seed, {}, &record);
    CHECK(record.checkpoints.back().requests >= kFollowRequests);
    CHECK(analysis.findings.size() == 1);
    CHECK(judged(noisy(Noise::collector, 20'000, 0), seed, {}).findings.empty());
  }
}

TEST_CASE("a leak is followed to the bound of requests, and then watched while idle") {
  RunRecord record;
  const Finding finding = judged(every(1), 1, {}, &record).findings.at(0);
  CHECK(record.checkpoints.back().requests == kFollowRequests);
  CHECK(record.lookEnd == LookEnd::requests);
  CHECK(finding.lookedRequests == kFollowRequests);
  CHECK(finding.idleSeconds >= kCoolDownSeconds);
  CHECK(finding.idleSeconds < kCoolDownSeconds + 3);
}

TEST_CASE("growth that would break the target is not followed further") {
  const auto model = every(1)(1);
  Steering steering = fullSteering();
  const auto decide = steering.nextBlock;
  steering.nextBlock = [decide](const RunRecord& record) {
    RunRecord limited = record;
    limited.limits.bytes = 100'000 * 48;
    return decide(limited);
  };
  const RunRecord record = simulate(*model, {}, steering);
  CHECK(record.checkpoints.back().requests == 80'000);  // 160,000 blocks would pass it
  CHECK(record.lookEnd == LookEnd::safety);
}

TEST_CASE("the scenario sets how long the target cools down, and how far growth is followed") {
  const auto runWith = [](std::uint32_t coolDownMs, std::uint64_t follow) {
    const auto model = every(1)(1);
    Steering steering = fullSteering();
    const auto with = [=](auto decide) {
      return [=](const RunRecord& record) {
        RunRecord changed = record;
        changed.scenario.load.coolDownMs = coolDownMs;
        changed.scenario.load.followRequests = follow;
        return decide(changed);
      };
    };
    return simulate(*model, {},
                    {with(steering.nextBlock), with(steering.wantsCoolDown), with(steering.keepsWaiting),
                     with(steering.nextRound)});
  };
  CHECK(runWith(0, 160'000).idle.empty());
  CHECK(runWith(0, 0).extensions == 0);
  CHECK(runWith(0, 40'000).checkpoints.back().requests == 40'000);
  const RunRecord record = runWith(300, 0);
  CHECK(record.idle.back().atNs - record.checkpoints.back().atNs >= 300'000'000);
  CHECK(record.idle.back().atNs - record.checkpoints.back().atNs < 400'000'000);
}

TEST_CASE("growth that is given back is observed with the time it took") {
  const Analysis analysis = judged(sessions(5), 1, {.perSecond = 50'000});
  REQUIRE(analysis.observations.size() == 1);
  CHECK(toString(analysis.observations[0].pattern) == "given-back");
  CHECK(analysis.observations[0].seconds == doctest::Approx(5).epsilon(0.2));
}

TEST_CASE("growth that a round after the rest shows to have stopped is not said to rise at the end") {
  RunRecord record;
  const Analysis analysis = judged(lazySessions(15), 1, {}, &record);
  CHECK(record.rests.size() > 1);
  CHECK(analysis.findings.empty());
  REQUIRE(analysis.observations.size() == 1);
  CHECK(toString(analysis.observations[0].pattern) == "bounded");
}

TEST_CASE("a rare leak is found at the requested and stated rate") {
  CHECK(requestsToFind(10'000) == 53'000);
  const auto founds = [](double oneIn, std::uint64_t see, std::uint64_t runs) {
    std::uint64_t found = 0;
    for (std::uint64_t seed = 1; seed <= runs; ++seed) {
      const auto model = atRandom(oneIn)(seed * 7919);
      const RunRecord record = simulate(*model, {.perSecond = 50'000}, fullSteering(see));
      found += analyse(record).findings.empty() ? 0 : 1;
    }
    return found;
  };
  constexpr std::uint64_t kRuns = 40;
  CHECK(founds(10'000, requestsToFind(10'000), kRuns) >= kRuns - 2);
  const auto nothing = cappedAt(0)(1);
  const std::uint64_t stated = findOneIn(simulate(*nothing, {}, fullSteering()));
  CHECK(stated == 3'700);
  CHECK(founds(static_cast<double>(stated), 0, kRuns) >= kRuns - 2);
}

TEST_CASE("a run that ended early claims what its own requests prove, not those that were planned") {
  RunRecord record = simulate(*cappedAt(0)(1), {}, fullSteering());
  record.scenario.load.requests = 1'000'000;
  record.checkpoints.resize(2);
  record.checkpoints.back().requests = 2'100;
  record.end = RunEnd::outOfTime;
  CHECK(findOneIn(record) == 100);
  CHECK(findOneIn(record, requestsToFind(10'000)) == 100);
}
