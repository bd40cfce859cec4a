#include "revisions/commit_search.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using namespace leakgate;

namespace {

// A history without merges: commits are numbers; first bad one so far `bad`, last good one `good`.
std::vector<Suspect> between(int good, int bad) {
  std::vector<Suspect> suspects;
  const int count = bad - good;
  for (int commit = bad; commit > good; --commit) {
    const int reaches = commit - good;
    suspects.push_back(
        {std::to_string(commit), static_cast<std::uint64_t>(std::min(reaches, count - reaches))});
  }
  return suspects;
}

struct Search {
  int good = 0;
  int bad = 0;
  int tests = 0;
  std::set<std::string> skipped;

  void run(int culprit, const std::set<int>& broken) {
    while (const auto next = nextCommit(between(good, bad), skipped)) {
      ++tests;
      const int commit = std::stoi(*next);
      REQUIRE(commit > good);
      REQUIRE(commit < bad);
      if (broken.contains(commit)) {
        REQUIRE(skipped.insert(*next).second);
      } else {
        (commit >= culprit ? bad : good) = commit;
      }
    }
  }
};

}  // namespace

TEST_CASE("each commit of 64 is found in six tests") {
  for (int culprit = 1; culprit <= 64; ++culprit) {
    Search search{0, 64, 0, {}};
    search.run(culprit, {});
    CAPTURE(culprit);
    CHECK(search.bad == culprit);
    CHECK(search.good == culprit - 1);
    CHECK(search.tests <= 6);
  }
}

TEST_CASE("steps left") {
  CHECK(stepsLeft(between(0, 64), {}) == 6);
  CHECK(stepsLeft(between(0, 65), {}) == 7);
  CHECK(stepsLeft(between(0, 2), {}) == 1);
  CHECK(stepsLeft(between(0, 2), {"1"}) == 0);
  CHECK(stepsLeft(between(0, 1), {}) == 0);
}

TEST_CASE("commits that cannot be tested: everything that can be tested is, and no more than needed") {
  constexpr unsigned kSeed = 13;
  std::mt19937 random(kSeed);
  for (int round = 0; round < 2'000; ++round) {
    CAPTURE(kSeed);
    CAPTURE(round);
    const int commits = 2 + static_cast<int>(random() % 100);
    const int culprit = 1 + static_cast<int>(random() % static_cast<unsigned>(commits));
    std::set<int> broken;
    for (unsigned k = random() % 10; k > 0; --k)
      broken.insert(1 + static_cast<int>(random() % static_cast<unsigned>(commits)));
    broken.erase(commits);
    Search search{0, commits, 0, {}};
    search.run(culprit, broken);
    // Between the last good and the first bad one nothing is left but what cannot be tested.
    CHECK(search.good < culprit);
    CHECK(search.bad >= culprit);
    for (int commit = search.good + 1; commit < search.bad; ++commit) CHECK(broken.contains(commit));
    CHECK(search.tests <= 9 + static_cast<int>(broken.size()));
  }
}

TEST_CASE("a broken stretch is left by jumps, not commit by commit") {
  std::set<int> broken;
  for (int commit = 400; commit < 600; ++commit) broken.insert(commit);
  Search search{0, 1'000, 0, {}};
  search.run(100, broken);
  CHECK(search.bad == 100);
  CHECK(search.tests < 30);
}
