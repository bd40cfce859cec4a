#include "gate/stack_changes.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "gate/report_diff.hpp"
#include "profiles.hpp"
#include "report/sample_report.hpp"

using namespace leakgate;

namespace {

using StackFate = StackChange::Fate;

void checkSums(const PartChanges& part) {
  AllocationRate sum = part.others;
  for (const StackChange& change : part.stacks) {
    sum.blocks += change.blocksAdded();
    sum.bytes += change.bytesAdded();
  }
  CHECK(sum.blocks == doctest::Approx(part.blocksAdded()).epsilon(1e-9));
  CHECK(sum.bytes == doctest::Approx(part.bytesAdded()).epsilon(1e-9));
}

}  // namespace

TEST_CASE("a stack is new, changed, moved or gone, and the changes add up to that of the total") {
  const AllocationProfile before = ProfileMaker(1000)
                                       .stack({"save", "create", "main"}, 2000, 64'000)
                                       .stack({"load", "show", "main"}, 1000, 8'000)
                                       .stack({"parse", "read", "main"}, 3000, 9'000)
                                       .stack({"flush", "close", "main"}, 500, 500)
                                       .stack({"same", "main"}, 7000, 7'000)
                                       .others(10, 100)
                                       .profile();
  const AllocationProfile after = ProfileMaker(1000)
                                      .stack({"same", "main"}, 7000, 7'000)
                                      .stack({"save", "create", "main"}, 3000, 96'000)
                                      .stack({"load", "loadLocked", "show", "main"}, 1000, 8'000)
                                      .stack({"parse", "read", "main"}, 2000, 6'000)
                                      .stack({"count", "log", "main"}, 4000, 4'000)
                                      .others(30, 400)
                                      .profile();
  const auto parts = stackChanges(before, after);
  REQUIRE(parts.size() == 1);
  const auto& stacks = parts[0].stacks;
  REQUIRE(stacks.size() == 5);
  const std::vector<std::pair<std::string, StackFate>> expected{{"count", StackFate::added},
                                                                {"save", StackFate::changed},
                                                                {"load", StackFate::moved},
                                                                {"flush", StackFate::gone},
                                                                {"parse", StackFate::changed}};
  for (std::size_t k = 0; k < stacks.size(); ++k) {
    CHECK(stacks[k].frames.front().function == expected[k].first);
    CHECK((stacks[k].fate == expected[k].second));
  }
  CHECK(stacks[1].blocksAdded() == 1);
  CHECK(stacks[1].bytesAdded() == 32);
  CHECK(stacks[2].similarity < 1);
  CHECK(parts[0].others.blocks == doctest::Approx(0.02));
  CHECK(parts[0].blocksAdded() == doctest::Approx(3.52));
  checkSums(parts[0]);
}

TEST_CASE("changes are per request, whatever the number of requests") {
  const AllocationProfile few = ProfileMaker(300).stack({"a", "main"}, 100, 1'000).profile();
  const AllocationProfile many = ProfileMaker(3000).stack({"a", "main"}, 1000, 10'000).profile();
  CHECK(stackChanges(few, many)[0].stacks.empty());
}

TEST_CASE("steps that both profiles measured alone are compared too") {
  AllocationProfile before = sampleProfile();
  AllocationProfile after = sampleProfile();
  after.steps[0].stacks[0].counts.allocations += 800;
  after.steps[0].total.allocations += 800;
  const auto parts = stackChanges(before, after);
  REQUIRE(parts.size() == 2);  // "logout" could not be measured
  CHECK(parts[0].stacks.empty());
  CHECK(parts[1].step == "login");
  REQUIRE(parts[1].stacks.size() == 1);
  CHECK(parts[1].stacks[0].blocksAdded() == 1);
  checkSums(parts[1]);
  before.steps.clear();
  CHECK(stackChanges(before, after).size() == 1);
}

TEST_CASE("a thousand random stacks, of which some are renamed, gone, new or changed, add up") {
  constexpr unsigned kSeed = 13;
  INFO("seed " << kSeed);
  std::mt19937 random(kSeed);
  ProfileMaker before(8000);
  ProfileMaker after(16'000);
  for (int k = 0; k < 1000; ++k) {
    const std::string function = "work" + std::to_string(k);
    const std::string renamed = random() % 10 == 0 ? function + "Locked" : function;
    const std::string caller = "serve" + std::to_string(k % 7);
    const auto made = random() % 50'000;
    if (random() % 20 != 0) before.stack({function.c_str(), caller.c_str(), "main"}, made, 3 * made);
    const auto then = random() % 4 == 0 ? random() % 99'999 : 2 * made;
    if (random() % 20 != 0) after.stack({renamed.c_str(), caller.c_str(), "main"}, then, 5 * then);
  }
  before.others(12'345, 99'999);
  after.others(54'321, 11'111);
  const auto parts = stackChanges(before.profile(), after.profile());
  CHECK(parts[0].stacks.size() > 500);
  checkSums(parts[0]);
}

TEST_CASE("a diff of reports has the changes of its stacks, and they add up to allocations_per_request") {
  Report before = allocating(3, std::nullopt, 3);
  Report after = allocating(5, std::nullopt, 3);
  before.profile = ProfileMaker(1000).stack({"save", "main"}, 3000, 3'000).profile();
  after.profile = ProfileMaker(1000)
                      .stack({"save", "main"}, 4000, 4'000)
                      .stack({"log", "main"}, 990, 990)
                      .others(10, 10)
                      .profile();
  const ReportDiff diff = diffReports(before, after);
  REQUIRE(diff.stacks.size() == 1);
  double sum = diff.stacks[0].others.blocks;
  for (const StackChange& change : diff.stacks[0].stacks) sum += change.blocksAdded();
  CHECK(sum == doctest::Approx(2));
  after.profile.reset();
  CHECK(diffReports(before, after).stacks.empty());
}
