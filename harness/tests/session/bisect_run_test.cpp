#include "session/bisect_run.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <map>

#include "report/sample_report.hpp"
#include "revisions/build.hpp"
#include "scenario/input_error.hpp"

using namespace leakgate;

namespace {

// Commits 0 to 64 without merges, and what a build of each is.
struct FakeHistory {
  std::function<Report(int commit)> reportOf;
  std::set<int> unbuildable;
  std::set<int> crashing;
  std::vector<std::string> built;  ///< with "*" for a build from nothing

  BisectResult bisect(const std::string& metric, int good = 0, int bad = 64) {
    BisectSteps steps;
    steps.measure = [this](const std::string& commit, BuildFrom from) {
      built.push_back(commit + (from == BuildFrom::nothing ? "*" : ""));
      const int number = std::stoi(commit);
      if (unbuildable.contains(number))
        throw BuildError(commit + " does not build: make ended with exit code 2");
      if (crashing.contains(number)) throw TargetFailed("the target was ended by signal 6");
      return reportOf(number);
    };
    steps.suspects = [](const std::string& last, const std::vector<std::string>& goods) {
      int first = 0;
      for (const auto& one : goods) first = std::max(first, std::stoi(one));
      std::vector<Suspect> suspects;
      const int count = std::stoi(last) - first;
      for (int k = 0; k < count; ++k)
        suspects.push_back(
            {std::to_string(first + count - k), static_cast<std::uint64_t>(std::min(count - k, k))});
      return suspects;
    };
    steps.parentOf = [](const std::string& commit) { return std::to_string(std::stoi(commit) - 1); };
    return leakgate::bisect({std::to_string(good), std::to_string(bad), metric}, steps);
  }

  std::size_t timesBuilt(const std::string& commit) const {
    return static_cast<std::size_t>(std::count(built.begin(), built.end(), commit));
  }
};

Report allocatingFrom(int culprit, int commit, double before, double after) {
  return allocating(commit >= culprit ? after : before, std::nullopt, 0);
}

std::map<CommitResult, int> resultsOf(const BisectResult& result) {
  std::map<CommitResult, int> counts;
  for (const auto& tested : result.tested) ++counts[tested.result];
  return counts;
}

}  // namespace

TEST_CASE("bisect: each of 64 commits is found, built again from nothing with its parent, and confirmed") {
  for (int culprit = 1; culprit <= 64; ++culprit) {
    FakeHistory history{[&](int commit) { return allocatingFrom(culprit, commit, 3, 4); }, {}, {}, {}};
    const BisectResult result = history.bisect("allocations_per_request");
    CAPTURE(culprit);
    REQUIRE(result.suspects.size() == 1);
    CHECK(result.suspects.front() == std::to_string(culprit));
    CHECK(result.confirmed);
    CHECK(history.timesBuilt(std::to_string(culprit) + "*") == 1);
    CHECK(history.timesBuilt(std::to_string(culprit - 1) + "*") == 1);
    CHECK(result.tested.size() <= 2 + 6);
  }
}

TEST_CASE("bisect: a leak, and a count that got better") {
  FakeHistory leak{[](int commit) { return commit >= 23 ? leakyReport() : cleanReport(); }, {}, {}, {}};
  const BisectResult leaked = leak.bisect("");
  CHECK(leaked.suspects == std::vector<std::string>{"23"});
  CHECK(leaked.gauge->name() == "growth of h3::Event::setContext");
  CHECK(leaked.limit->rises());
  REQUIRE(leaked.after.has_value());
  CHECK(leaked.gauge->findIn(*leaked.after) != nullptr);

  FakeHistory better{[](int commit) { return allocatingFrom(52, commit, 4, 2); }, {}, {}, {}};
  const BisectResult improved = better.bisect("allocations_per_request");
  CHECK(improved.suspects == std::vector<std::string>{"52"});
  CHECK_FALSE(improved.limit->rises());
}

TEST_CASE("bisect: what does not build or crashes is never the bad commit") {
  FakeHistory history{
      [](int commit) { return allocatingFrom(41, commit, 3, 4); }, {8, 16, 32, 33, 36, 48}, {28, 44}, {}};
  const BisectResult result = history.bisect("allocations_per_request");
  CHECK(result.suspects == std::vector<std::string>{"41"});
  CHECK(result.confirmed);
  CHECK(resultsOf(result)[CommitResult::notBuilt] >= 1);

  // Its parent and grandparent cannot be tested: one of three.
  FakeHistory narrowed{[](int commit) { return allocatingFrom(41, commit, 3, 4); }, {40}, {39}, {}};
  const BisectResult several = narrowed.bisect("allocations_per_request");
  CHECK(several.suspects == std::vector<std::string>{"41", "40", "39"});
  CHECK_FALSE(several.confirmed);
}

TEST_CASE("bisect: an end that cannot be measured, or ends that do not differ, are errors") {
  FakeHistory broken{[](int commit) { return allocatingFrom(41, commit, 3, 4); }, {64}, {0}, {}};
  CHECK_THROWS_AS(broken.bisect("allocations_per_request"), BuildError);
  CHECK_THROWS_AS(broken.bisect("allocations_per_request", 0, 63), TargetFailed);
  FakeHistory same{[](int) { return allocating(3, std::nullopt, 0); }, {}, {}, {}};
  CHECK_THROWS_WITH_AS(
      same.bisect("allocations_per_request"),
      doctest::Contains("found allocations_per_request 3 blocks, 3 blocks at 0 and 3 blocks, 3 blocks at 64"),
      InputError);
  CHECK_THROWS_WITH_AS(same.bisect("allocation_per_request"),
                       doctest::Contains("did you mean allocations_per_request?"), InputError);
  CHECK_THROWS_WITH_AS(same.bisect(""), doctest::Contains("found no leak at 64"), InputError);
}

TEST_CASE("bisect: a commit that reads between both ends is measured again, and bad when it stays so") {
  FakeHistory history{[](int commit) {
                        return allocating(commit < 20 ? 3 : commit < 50 ? 4 : 5, std::nullopt, 0);
                      },
                      {},
                      {},
                      {}};
  const BisectResult result = history.bisect("allocations_per_request");
  CHECK(result.suspects == std::vector<std::string>{"20"});
  CHECK(result.confirmed);
  CHECK(history.timesBuilt("32") == 2);
}

TEST_CASE("bisect: a commit that never reads alike is undecided after four readings, not bad") {
  int reading = 0;
  FakeHistory history{[&](int commit) {
                        if (commit == 32) return allocating(3 + 0.1 * ++reading, std::nullopt, 0);
                        return allocatingFrom(20, commit, 3, 4);
                      },
                      {},
                      {},
                      {}};
  const BisectResult result = history.bisect("allocations_per_request");
  CHECK(reading == kMaxReadings);
  CHECK(resultsOf(result)[CommitResult::undecided] == 1);
  CHECK(result.suspects == std::vector<std::string>{"20"});
}

TEST_CASE("bisect: unexpected responses are no measurement, unless both ends have them") {
  const auto withErrors = [](Report report) {
    for (auto& metric : report.metrics)
      if (metric.name == "unexpected_answers") metric.value = 7;
    return report;
  };
  FakeHistory history{[&](int commit) {
                        const Report report = allocatingFrom(41, commit, 3, 4);
                        return commit == 32 ? withErrors(report) : report;
                      },
                      {},
                      {},
                      {}};
  CHECK(resultsOf(history.bisect("allocations_per_request"))[CommitResult::notMeasured] == 1);
  FakeHistory always{[&](int commit) { return withErrors(allocatingFrom(41, commit, 3, 4)); }, {}, {}, {}};
  CHECK(resultsOf(always.bisect("allocations_per_request"))[CommitResult::notMeasured] == 0);
}

TEST_CASE("bisect: what only an earlier build made bad is not confirmed") {
  FakeHistory history{{}, {}, {}, {}};
  history.reportOf = [&](int commit) {
    const bool fresh = history.built.back().ends_with("*");
    return allocatingFrom(fresh ? 50 : 41, commit, 3, 4);
  };
  const BisectResult result = history.bisect("allocations_per_request");
  CHECK(result.suspects == std::vector<std::string>{"41"});
  CHECK_FALSE(result.confirmed);
  CHECK(result.problem.find("41 reads 3 blocks, which is not bad") != std::string::npos);
}

TEST_CASE("bisect: Ctrl-C keeps what is known so far") {
  FakeHistory history{{}, {}, {}, {}};
  history.reportOf = [&](int commit) -> Report {
    if (history.built.size() > 6) throw Interrupted();
    return allocatingFrom(41, commit, 3, 4);
  };
  const BisectResult result = history.bisect("allocations_per_request");
  CHECK(result.interrupted);
  CHECK(result.suspects.size() == 16);
  CHECK(std::find(result.suspects.begin(), result.suspects.end(), "41") != result.suspects.end());
}
