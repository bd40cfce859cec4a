#include "history/commit_line.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

#include "sample_runs.hpp"
#include "scenario/input_error.hpp"
#include "session/workspace.hpp"

using namespace leakgate;

namespace {

// A repository whose commits are named by their messages.
class Repository {
 public:
  Repository() { git("init -q -b main"); }
  std::filesystem::path folder() const { return workspace_.file(""); }

  void git(const std::string& arguments) const {
    const std::string command = "git -C '" + folder().string() +
                                "' -c user.name=t -c user.email=t@t -c commit.gpgsign=false " + arguments;
    REQUIRE(std::system(command.c_str()) == 0);
  }
  std::string commit(const std::string& message) const {
    git("commit -q --allow-empty -m " + message);
    return head();
  }
  std::string head() const { return firstParentLine(folder(), "HEAD").back(); }

 private:
  Workspace workspace_;
};

RunHeader runOf(const std::string& hash, std::int64_t started, std::int64_t time = 0,
                std::vector<std::string> parents = {}) {
  RunHeader run;
  run.id = started;
  run.startedAt = started;
  run.commit = {hash, std::move(parents), time};
  return run;
}

std::vector<std::string> hashesOf(const OrderedRuns& ordered) {
  std::vector<std::string> hashes;
  for (const RunHeader& run : ordered.runs) hashes.push_back(run.commit.hash);
  return hashes;
}

}  // namespace

TEST_CASE("git gives a commit its parents and time, and the branch its line") {
  const Repository repository;
  const std::string a = repository.commit("a");
  const std::string b = repository.commit("b");
  repository.git("checkout -q -b side " + a);
  const std::string side = repository.commit("side");
  repository.git("checkout -q main");
  repository.git("merge -q --no-ff -m merge side");
  const std::string merge = repository.head();
  CHECK(firstParentLine(repository.folder(), "HEAD") == std::vector<std::string>{a, b, merge});
  CHECK(firstParentLine(repository.folder(), "side") == std::vector<std::string>{a, side});
  const CommitInfo info = describeCommit(repository.folder(), merge);
  CHECK(info.parents == std::vector<std::string>{b, side});
  CHECK(info.time > 1'600'000'000);
  CHECK(describeCommit(repository.folder(), std::string(40, 'a')).parents.empty());
  CHECK(describeCommit("/nonexistent", merge).time == 0);
  CHECK(firstParentLine(repository.folder(), "none").empty());
  CHECK_THROWS_WITH_AS(firstParentLine(repository.folder(), "--output=x"),
                       doctest::Contains("--branch: found \"--output=x\", expected a revision of git"),
                       InputError);
  CHECK_THROWS_AS(firstParentLine(repository.folder(), "a b"), InputError);
}

TEST_CASE("runs are put in the line's order, whatever their times; others are left out and counted") {
  const std::vector<RunHeader> runs{runOf("c", 1), runOf("x", 2), runOf("a", 3), runOf("c", 4),
                                    runOf("e", 5)};
  const OrderedRuns ordered = orderRuns(runs, {"a", "b", "c", "d", "e"});
  CHECK(ordered.byGit);
  CHECK(hashesOf(ordered) == std::vector<std::string>{"a", "c", "c", "e"});
  CHECK(ordered.skipped == std::vector<std::size_t>{0, 1, 0, 1});
  CHECK(ordered.elsewhere == 1);
  CHECK(ordered.runs[1].startedAt == 1);
}

TEST_CASE("without git the commits' times count, but none comes before its parents") {
  // The clock of b's author was slow.
  const std::vector<RunHeader> runs{runOf("d", 1, 400, {"b"}), runOf("b", 2, 50, {"a"}), runOf("a", 3, 100),
                                    runOf("c", 4, 300)};
  const OrderedRuns ordered = orderRuns(runs, {"other"});
  CHECK_FALSE(ordered.byGit);
  CHECK(hashesOf(ordered) == std::vector<std::string>{"a", "b", "c", "d"});
  CHECK(ordered.elsewhere == 0);
}
