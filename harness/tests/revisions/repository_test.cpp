#include "revisions/repository.hpp"

#include <doctest/doctest.h>

#include "revisions/scratch_repository.hpp"
#include "scenario/input_error.hpp"

using namespace leakgate;
using leakgate::test::ScratchRepository;

TEST_CASE("revisions by name") {
  const ScratchRepository scratch;
  const std::string first = scratch.commit({{"a", "1\n"}}, "first");
  const std::string second = scratch.commit({{"a", "2\n"}, {"src/b", "x\n"}}, "second: a \"title\"");
  std::filesystem::create_directory(scratch.top() / "folder");
  const Repository repository(scratch.top() / "folder");
  CHECK(std::filesystem::equivalent(repository.top(), scratch.top()));
  CHECK(repository.commitOf("main", "--bad") == second);
  CHECK(repository.commitOf("HEAD~1", "--good") == first);
  CHECK(repository.parentOf(second) == first);
  CHECK(repository.parentOf(first) == "");
  CHECK(repository.isAncestor(first, second));
  CHECK_FALSE(repository.isAncestor(second, first));
  const CommitSummary summary = repository.summary(second);
  CHECK(summary.hash == second);
  CHECK(summary.author == "Ada <ada@example.org>");
  CHECK(summary.subject == "second: a \"title\"");
  REQUIRE(summary.files.size() == 3);
  CHECK(summary.files[1].find("src/b") != std::string::npos);
  CHECK_THROWS_WITH_AS(repository.commitOf("--all", "--good"),
                       doctest::Contains("--good: found \"--all\", expected a commit"), InputError);
  CHECK_THROWS_AS(repository.commitOf("v9", "--good"), InputError);
  CHECK_THROWS_WITH_AS(Repository("/"), doctest::Contains("no working tree of git"), InputError);
}

TEST_CASE("suspects: newest first, without the ancestors of any good commit") {
  const ScratchRepository scratch;
  std::vector<std::string> commits;
  for (int i = 0; i < 6; ++i)
    commits.push_back(scratch.commit({{"a", std::to_string(i)}}, std::to_string(i)));
  const Repository repository(scratch.top());
  const auto suspects = repository.suspects(commits[5], {commits[0]});
  REQUIRE(suspects.size() == 5);
  for (std::size_t i = 0; i < suspects.size(); ++i) CHECK(suspects[i].commit == commits[5 - i]);
  const std::vector<std::uint64_t> halves{0, 1, 2, 2, 1};
  for (std::size_t i = 0; i < suspects.size(); ++i) CHECK(suspects[i].distance == halves[i]);

  scratch.git({"checkout", "--quiet", "-b", "side", commits[1]});
  const std::string side = scratch.commit({{"b", "1"}}, "side");
  scratch.git({"checkout", "--quiet", "main"});
  scratch.git({"merge", "--quiet", "--no-edit", "side"});
  const std::string merge = repository.commitOf("main", "--bad");
  CHECK(repository.suspects(merge, {commits[5]}).size() == 2);
  CHECK(repository.suspects(merge, {commits[5], side}).size() == 1);
  CHECK(repository.mergeBase(side, commits[5]) == commits[1]);
}
