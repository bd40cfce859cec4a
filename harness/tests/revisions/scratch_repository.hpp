// A git repository for one test.
#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "report/atomic_file.hpp"
#include "revisions/child_command.hpp"
#include "session/workspace.hpp"

namespace leakgate::test {

class ScratchRepository {
 public:
  /// In a folder of its own.
  ScratchRepository() : workspace_(std::in_place), top_(workspace_->file("repository")) { initialize(); }

  /// In a folder of the test's.
  explicit ScratchRepository(std::filesystem::path top) : top_(std::move(top)) { initialize(); }

  const std::filesystem::path& top() const { return top_; }

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

  /// Commits these files, and all that changed. Returns the hash.
  std::string commit(const std::map<std::string, std::string>& files, const std::string& subject) const {
    for (const auto& [name, content] : files) write(name, content);
    git({"add", "--all"});
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
  void initialize() const {
    std::filesystem::create_directories(top_);
    git({"init", "--quiet", "--initial-branch=main"});
  }

  std::optional<Workspace> workspace_;
  std::filesystem::path top_;
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
