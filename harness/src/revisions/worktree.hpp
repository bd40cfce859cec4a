// A commit's files in a folder of their own.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>

#include "replay/temporary_directory.hpp"
#include "revisions/repository.hpp"

namespace leakgate {

/// A detached git worktree in a temporary folder, removed on destruction.
///
/// The repository's HEAD, index, working tree, branches and stash stay as they are; hooks do not run. After
/// leakgate was killed, git's entry and the folder are left; the next Worktree of that repository removes both.
/// Lifetime: borrows the repository. Threads: one owner. Errors: InputError with git's message; Interrupted on
/// a request to stop.
class Worktree {
 public:
  /// `name` is the last part of its path: names of equal length give paths of equal length.
  Worktree(const Repository& repository, const std::string& commit, std::stop_token stop = {},
           const std::string& name = "tree");
  ~Worktree();
  Worktree(const Worktree&) = delete;
  Worktree& operator=(const Worktree&) = delete;

  /// Absolute.
  const std::filesystem::path& path() const { return path_; }
  const std::string& commit() const { return commit_; }

  /// Replaces the files by those of another commit. What was built stays, so that a build goes on from it.
  void checkOut(const std::string& commit);

  /// Removes everything that is not the commit's: what was built, ignored files too.
  void clean();

 private:
  void remove() const noexcept;

  const Repository& repository_;
  std::stop_token stop_;
  TemporaryDirectory folder_;
  std::filesystem::path path_;
  std::string commit_;
};

}  // namespace leakgate
