// A git repository for one test.
#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "report/atomic_file.hpp"
#include "revisions/child_command.hpp"
#include "session/workspace.hpp"

namespace leakgate::test {

class ScratchRepository {
 public:
  ScratchRepository() {
    std::filesystem::create_directory(top());
    git({"init", "--quiet", "--initial-branch=main"});
  }

  std::filesystem::path top() const { return workspace_.file("repository"); }

  /// Standard output, without the last newline.
  std::string git(std::vector<std::string> arguments) const {
    const std::vector<std::string> start{"git", "--no-optional-locks",       "-c", "user.name=Ada",
                                         "-c",  "user.email=ada@example.org"};
    arguments.insert(arguments.begin(), start.begin(), start.end());
    ChildEnd end = runToEnd({arguments, top()});
    INFO(end.errors);
    REQUIRE(end.status == 0);
    if (end.output.ends_with('\n')) end.output.pop_back();
    return end.output;
  }

  void write(const std::string& name, const std::string& content) const {
    writeAtomically(top() / name, content);
  }

  /// Commits the files. Returns the hash.
  std::string commit(const std::map<std::string, std::string>& files, const std::string& subject) const {
    for (const auto& [name, content] : files) write(name, content);
    git({"add", "."});
    git({"commit", "--quiet", "--allow-empty", "-m", subject});
    return git({"rev-parse", "HEAD"});
  }

  /// Everything that must not change: HEAD, branches, index, working tree, stash and worktrees.
  std::string state() const {
    return git({"rev-parse", "--symbolic-full-name", "HEAD"}) + "\n" + git({"for-each-ref"}) + "\n" +
           git({"status", "--porcelain", "--ignored"}) + "\n" + git({"diff", "HEAD"}) + "\n" +
           git({"stash", "list"}) + "\n" + git({"worktree", "list", "--porcelain"}) + "\n" +
           readWhole(top() / ".git/index") + readWhole(top() / ".git/logs/HEAD");
  }

 private:
  Workspace workspace_;
};

/// Leaves a staged, an unstaged and an untracked change, and a stash, as somebody at work.
inline void disturb(const ScratchRepository& repository, const std::string& file) {
  repository.write(file, "stashed\n");
  repository.git({"stash", "push", "--quiet"});
  repository.write(file, "staged\n");
  repository.git({"add", file});
  repository.write(file, "changed\n");
  repository.write("untracked", "new\n");
}

}  // namespace leakgate::test
