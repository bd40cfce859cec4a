// Whole runs over modelled servers: sick ones are found with what they follow, clean ones are not, on
// machines of any speed and whatever chance brings.
#include "analysis/steering.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <deque>
#include <random>
#include <set>

#include "analysis/analyse.hpp"
#include "analysis/detection.hpp"
#include "simulated_run.hpp"

using namespace leakgate;

namespace {

// Every request does `work`; `time` is called as it goes by. What they return is live.
class FunctionModel final : public Model {
 public:
  using Work = std::function<std::int64_t(std::uint64_t request, double now)>;
  using Time = std::function<std::int64_t(double now)>;
  FunctionModel(Work work, Time time) : work_(std::move(work)), time_(std::move(time)) {}
  void request() override { byWork_ = work_ ? work_(++requests_, now_) : 0; }
  void pass(double seconds) override {
    now_ += seconds;
    if (time_) byTime_ = time_(now_);
  }
  std::int64_t live() const override { return byWork_ + byTime_; }

 private:
  Work work_;
  Time time_;
  std::uint64_t requests_ = 0;
  double now_ = 0;
  std::int64_t byWork_ = 0;
  std::int64_t byTime_ = 0;
};

std::unique_ptr<Model> byRequests(FunctionModel::Work work) {
  return std::make_unique<FunctionModel>(std::move(work), nullptr);
}

std::unique_ptr<Model> byTime(FunctionModel::Time time) {
  return std::make_unique<FunctionModel>(nullptr, std::move(time));
}

std::int64_t whole(double value) { return static_cast<std::int64_t>(value); }

ModelOf every(double requests) {
  return [=](std::uint64_t seed) {
    const double phase = static_cast<double>(seed % 997) / 997 * requests;
    return byRequests(
        [=](std::uint64_t n, double) { return whole((static_cast<double>(n) + phase) / requests); });
  };
}

ModelOf atRandom(double oneIn) {
  return [=](std::uint64_t seed) {
    return byRequests(
        [=, random = std::mt19937_64(seed), live = std::int64_t{0}](std::uint64_t, double) mutable {
          return live += std::uniform_real_distribution<>()(random) * oneIn < 1 ? 1 : 0;
        });
  };
}

ModelOf cappedAt(std::int64_t cap) {
  return [=](std::uint64_t) {
    return byRequests([=](std::uint64_t n, double) { return std::min(static_cast<std::int64_t>(n), cap); });
  };
}

ModelOf randomKeys(std::uint64_t keys) {
  return [=](std::uint64_t seed) {
    return byRequests([=, random = std::mt19937_64(seed), met = std::vector<bool>(keys),
                       live = std::int64_t{0}](std::uint64_t, double) mutable {
      const std::size_t key = random() % keys;
      live += met[key] ? 0 : 1;
      met[key] = true;
      return live;
    });
  };
}

// Sessions of every 4th request that expire after `seconds`, looked for each 50 ms; one of `leakIn` stays.
class Sessions final : public Model {
 public:
  Sessions(double seconds, std::uint64_t leakIn) : seconds_(seconds), leakIn_(leakIn) {}
  void request() override {
    if (++requests_ % 4 == 0) until_.push_back(now_ + seconds_);
    if (leakIn_ != 0 && requests_ % leakIn_ == 0) ++leaked_;
  }
  void pass(double seconds) override {
    now_ += seconds;
    while (!until_.empty() && until_.front() <= now_) until_.pop_front();
  }
  std::int64_t live() const override { return leaked_ + static_cast<std::int64_t>(until_.size()); }

 private:
  double seconds_;
  std::uint64_t leakIn_;
  double now_ = 0;
  std::uint64_t requests_ = 0;
  std::int64_t leaked_ = 0;
  std::deque<double> until_;
};

ModelOf sessions(double seconds, std::uint64_t leakIn = 0) {
  return [=](std::uint64_t) { return std::make_unique<Sessions>(seconds, leakIn); };
}

// The same, with a table of 8 B each that is doubled when it is full. It counts what is alive, or, when it
// leaks, all that ever was.
class TabledSessions final : public Model {
 public:
  TabledSessions(double seconds, bool leaks) : sessions_(seconds, 0), leaks_(leaks) {}
  void request() override {
    sessions_.request();
    const auto all = static_cast<std::uint64_t>(leaks_ ? ++requests_ : sessions_.live());
    while (slots_ < all) slots_ *= 2;
  }
  void pass(double seconds) override { sessions_.pass(seconds); }
  std::int64_t live() const override { return sessions_.live(); }
  std::int64_t tableBytes() const override { return static_cast<std::int64_t>(8 * slots_); }

 private:
  Sessions sessions_;
  bool leaks_;
  std::uint64_t requests_ = 0;
  std::uint64_t slots_ = 64;
};

ModelOf tabledSessions(double seconds, bool leaks = false) {
  return [=](std::uint64_t) { return std::make_unique<TabledSessions>(seconds, leaks); };
}

// Sessions whose blocks go to a pool when they expire.
class PooledSessions final : public Model {
 public:
  explicit PooledSessions(double seconds) : sessions_(seconds, 0) {}
  void request() override {
    sessions_.request();
    peak_ = std::max(peak_, sessions_.live());
  }
  void pass(double seconds) override { sessions_.pass(seconds); }
  std::int64_t live() const override { return peak_; }

 private:
  Sessions sessions_;
  std::int64_t peak_ = 0;
};

ModelOf pooledSessions(double seconds) {
  return [=](std::uint64_t) { return std::make_unique<PooledSessions>(seconds); };
}

ModelOf eachSecond(double times) {
  return [=](std::uint64_t seed) {
    const double phase = static_cast<double>(seed % 997) / 997;
    return byTime([=](double now) { return whole(now * times + phase); });
  };
}

ModelOf ringOf(double times, std::int64_t size) {
  return
      [=](std::uint64_t) { return byTime([=](double now) { return std::min(whole(now * times), size); }); };
}

enum class Noise { collector, uniform, walk };

// As a place where others come and go: `swing` of them; one of `leakIn` requests stays, 0: none.
ModelOf noisy(Noise noise, std::int64_t swing, std::uint64_t leakIn) {
  return [=](std::uint64_t seed) {
    return byRequests([=, random = std::mt19937_64(seed), pool = std::int64_t{0}, limit = swing](
                          std::uint64_t n, double) mutable {
      const auto draw = [&](std::int64_t upTo) {
        return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(upTo));
      };
      if (noise == Noise::uniform) pool = draw(swing + 1);
      if (noise == Noise::walk) pool = std::clamp<std::int64_t>(pool + draw(21) - 10, 0, swing);
      if (noise == Noise::collector && (pool += 1 + draw(2)) > limit) {
        pool = swing / 10;
        limit = swing / 2 + draw(swing / 2 + 1);
      }
      return pool + (leakIn == 0 ? 0 : static_cast<std::int64_t>(n / leakIn));
    });
  };
}

Analysis judged(const ModelOf& modelOf, std::uint64_t seed, const SimulatedLoad& load,
                RunRecord* kept = nullptr) {
  const auto model = modelOf(seed);
  RunRecord record = simulate(*model, load, fullSteering());
  Analysis analysis = analyse(record);
  if (kept != nullptr) *kept = std::move(record);
  return analysis;
}

struct Sick {
  std::string name;
  ModelOf model;
  Follows follows;
  double perEvent;  ///< for time: per second
  double tolerance = 0.02;
};

struct Clean {
  std::string name;
  ModelOf model;
};

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
      {"beneath a collector", noisy(Noise::collector, 3'000, 20), Follows::request, 0.05, 0.3},
      {"beneath a large collector", noisy(Noise::collector, 20'000, 4), Follows::request, 0.25, 0.3},
      {"beneath noise", noisy(Noise::uniform, 3'000, 20), Follows::request, 0.05, 0.3},
      {"beneath a walk", noisy(Noise::walk, 1'000, 4), Follows::request, 0.25, 0.3},
      {"a thousand a second", eachSecond(1'000), Follows::time, 1'000},
      {"a hundred a second", eachSecond(100), Follows::time, 100},
      {"one a second", eachSecond(1), Follows::time, 1, 0.1},
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

TEST_CASE("the scenario says how long the target cools down, and how far growth is followed") {
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

TEST_CASE("a rare leak is found at the rate that is asked for and stated") {
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
