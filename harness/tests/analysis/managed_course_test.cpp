// Whole runs over modelled servers with a collector: leaks are found, also beneath objects that expire, and clean ones
// are not, on machines of any speed.
#include "analysis/managed_course.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "analysis/detection.hpp"
#include "analysis/stack_growth.hpp"
#include "judged_model.hpp"
#include "server_models.hpp"

using namespace leakgate;

namespace {

// Each runtime, on slow machines and on fast ones, whatever its collections leave.
template <class Run>
void forEachManagedRun(const Run& run) {
  std::uint64_t seed = 0;
  for (const Runtime runtime : {Runtime::cpython, Runtime::node, Runtime::jvm}) {
    for (const double perSecond : {800.0, 8'000.0, 20'000.0}) {
      CAPTURE(traitsOf(runtime).name);
      CAPTURE(perSecond);
      CAPTURE(++seed);
      run(SimulatedLoad{.perSecond = perSecond, .runtime = runtime, .jitterSeed = seed});
    }
  }
}

}  // namespace

TEST_CASE("leaks in managed heaps are found, also beneath objects that expire") {
  const Sick servers[] = {
      {"an entry a request", every(1), Follows::request, 1},
      {"an entry in 8", every(8), Follows::request, 0.125},
      {"beneath sessions of 1 s", sessions(1, 10), Follows::request, 0.1, 0.3},
      {"beneath sessions of 2 s", sessions(2, 10), Follows::request, 0.1, 0.3},
      {"beneath sessions of 20 s", sessions(20, 10), Follows::request, 0.1, 0.3},
      {"beneath sessions of a minute", sessions(60, 10), Follows::request, 0.1, 0.3},
  };
  for (const Sick& sick : servers) {
    forEachManagedRun([&](const SimulatedLoad& load) {
      CAPTURE(sick.name);
      const Analysis analysis = judged(sick.model, load.jitterSeed, load);
      CHECK(analysis.findings.size() == 1);
      if (analysis.findings.empty()) return;
      const Finding& finding = analysis.findings.front();
      CHECK((finding.kind == FindingKind::managed));
      CHECK(toString(finding.follows) == toString(sick.follows));
      const double entries =
          finding.blocksPerEvent > 0 ? finding.blocksPerEvent / 7 : finding.bytesPerEvent / 280;
      CHECK(std::abs(entries - sick.perEvent) <= sick.tolerance * sick.perEvent);
    });
  }
}

TEST_CASE("the replay with stacks rests too when a managed heap grows beneath objects that expire") {
  const SimulatedLoad load{.perSecond = 4'000, .runtime = Runtime::node};
  RunRecord record;
  const auto judgedAgain = [&](const ModelOf& modelOf) {
    const Analysis first = judged(modelOf, 1, load, &record);
    REQUIRE(first.findings.size() == 1);
    const bool rests = needsRests(record, first.findings);
    const auto model = modelOf(1);
    record = simulate(*model, load, repeatSteering(record.extensions, rests));
    CHECK(analyse(record).findings.size() == 1);
    return rests;
  };
  CHECK(judgedAgain(sessions(2, 10)));
  CHECK_FALSE(record.rests.empty());
  CHECK_FALSE(judgedAgain(every(1)));
  CHECK(record.rests.empty());
}

TEST_CASE("managed heaps whose objects expire, or reach a bound, are clean") {
  const Clean servers[] = {
      {"nothing", cappedAt(0)},
      {"a list of 5,000", cappedAt(5'000)},
      {"a list of 50,000", cappedAt(50'000)},
      {"a cache of 12,000 keys", randomKeys(12'000)},
      {"sessions of 1 s", sessions(1)},
      {"sessions of 5 s", sessions(5)},
      {"sessions of 20 s", sessions(20)},
      {"sessions of a minute", sessions(60)},
      {"sessions of 5 s from a pool", pooledSessions(5)},
      {"sessions of a minute from a pool", pooledSessions(60)},
      {"objects that come and go", noisy(Noise::collector, 3'000, 0)},
  };
  for (const Clean& clean : servers) {
    forEachManagedRun([&](const SimulatedLoad& load) {
      CAPTURE(clean.name);
      CHECK(judged(clean.model, load.jitterSeed, load).findings.empty());
    });
  }
}

TEST_CASE("a run in which no managed heap rises is not longer") {
  forEachManagedRun([](const SimulatedLoad& load) {
    RunRecord record;
    judged(cappedAt(1'000), load.jitterSeed, load, &record);  // full after the warm-up
    CHECK(record.extensions == 0);
    CHECK(record.idle.empty());
    CHECK(record.rests.empty());
  });
}
