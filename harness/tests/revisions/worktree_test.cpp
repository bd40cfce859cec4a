#include "revisions/worktree.hpp"

#include <doctest/doctest.h>

#include <optional>

#include "replay/measure_error.hpp"
#include "revisions/scratch_repository.hpp"
#include "scenario/input_error.hpp"

using namespace leakgate;
using leakgate::test::ScratchRepository;
namespace fs = std::filesystem;

TEST_CASE("a worktree holds a commit's files and leaves the repository as it was") {
  const ScratchRepository scratch;
  const std::string first = scratch.commit({{"a", "1\n"}}, "first");
  const std::string second = scratch.commit({{"a", "2\n"}, {".gitignore", "built\n"}}, "second");
  leakgate::test::disturb(scratch, "a");
  const std::string hook = scratch.top() / ".git/hooks/post-checkout";
  scratch.write(".git/hooks/post-checkout", "#!/bin/sh\necho ran >'" + scratch.top().string() + "/ran'\n");
  fs::permissions(hook, fs::perms::owner_all);
  const std::string before = scratch.state();

  const Repository repository(scratch.top());
  fs::path path;
  {
    Worktree worktree(repository, second);
    path = worktree.path();
    CHECK(readWhole(path / "a") == "2\n");
    writeAtomically(path / "built", "old");
    worktree.checkOut(first);
    CHECK(worktree.commit() == first);
    CHECK(readWhole(path / "a") == "1\n");
    CHECK(fs::exists(path / "built"));
    worktree.clean();
    CHECK_FALSE(fs::exists(path / "built"));
    CHECK(scratch.git({"worktree", "list"}).find(path.string()) != std::string::npos);
  }
  CHECK_FALSE(fs::exists(path));
  CHECK_FALSE(fs::exists(scratch.top() / "ran"));
  CHECK(scratch.state() == before);
}

TEST_CASE("what a killed leakgate left is removed, a worktree of the user's is not") {
  const ScratchRepository scratch;
  const std::string commit = scratch.commit({{"a", "1\n"}}, "first");
  const Workspace elsewhere;
  const fs::path ours = elsewhere.file("leakgate-123456/tree");
  const fs::path users = elsewhere.file("mine/tree");
  for (const auto& path : {ours, users}) {
    scratch.git({"worktree", "add", "--quiet", "--detach", path.string(), commit});
    fs::remove_all(path.parent_path());
  }
  scratch.git({"worktree", "lock", ours.string()});
  const Repository repository(scratch.top());
  { const Worktree worktree(repository, commit); }
  const std::string list = scratch.git({"worktree", "list"});
  CHECK(list.find(ours.string()) != std::string::npos);  // locked: somebody wants to keep it
  CHECK(list.find(users.string()) != std::string::npos);
  scratch.git({"worktree", "unlock", ours.string()});
  { const Worktree worktree(repository, commit); }
  CHECK(scratch.git({"worktree", "list"}).find(ours.string()) == std::string::npos);
}

TEST_CASE("the entry that a killed `git worktree add` has left locked is removed once its folder is gone") {
  const ScratchRepository scratch;
  const std::string commit = scratch.commit({{"a", "1\n"}}, "first");
  const Workspace elsewhere;
  const fs::path killed = elsewhere.file("leakgate-123456/tree");
  scratch.git({"worktree", "add", "--quiet", "--detach", killed.string(), commit});
  scratch.git({"worktree", "lock", "--reason", "initializing", killed.string()});
  const Repository repository(scratch.top());
  fs::remove_all(killed);  // as long as its parent is there, another leakgate may be about to make it
  { const Worktree worktree(repository, commit); }
  CHECK(scratch.git({"worktree", "list"}).find(killed.string()) != std::string::npos);
  fs::remove_all(killed.parent_path());
  { const Worktree worktree(repository, commit); }
  CHECK(scratch.git({"worktree", "list"}).find(killed.string()) == std::string::npos);
}

TEST_CASE("a worktree that cannot be made leaves nothing") {
  const ScratchRepository scratch;
  const std::string commit = scratch.commit({{"a", "1\n"}}, "first");
  const Repository repository(scratch.top());
  const std::string before = scratch.state();
  CHECK_THROWS_AS(Worktree(repository, "no-such-commit"), InputError);
  std::stop_source stop;
  stop.request_stop();
  CHECK_THROWS_AS(Worktree(repository, commit, stop.get_token()), Interrupted);
  CHECK(scratch.state() == before);
}
