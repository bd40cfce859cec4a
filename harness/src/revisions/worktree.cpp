#include "revisions/worktree.hpp"

#include <sstream>
#include <system_error>
#include <utility>
#include <vector>

namespace leakgate {

namespace {

namespace fs = std::filesystem;

// Git's entry of a worktree. Doubly forced: also one that a killed `git worktree add` has left locked.
void forget(const Repository& repository, const fs::path& path) {
  gitIn(repository.top(), {"worktree", "remove", "--force", "--force", path.string()});
}

// Whether a line of the entry says so. Git itself locks an entry as "initializing" until its worktree is whole; a lock with
// another reason is a user's.
bool isAbandoned(const std::string& line, const fs::path& folder) {
  std::error_code none;
  return line.starts_with("prunable ") || (line == "locked initializing" && !fs::exists(folder, none));
}

// Entries of a leakgate that was killed: the folder is gone, and it was one of leakgate's.
void forgetAbandoned(const Repository& repository) {
  std::istringstream list(gitIn(repository.top(), {"worktree", "list", "--porcelain"}));
  fs::path path;
  for (std::string line; std::getline(list, line);) {
    constexpr std::string_view kPath = "worktree ";
    if (line.starts_with(kPath)) path = line.substr(kPath.size());
    const fs::path folder = path.parent_path();
    if (folder.filename().string().starts_with("leakgate-") && isAbandoned(line, folder))
      forget(repository, path);
  }
}

}  // namespace

Worktree::Worktree(const Repository& repository, const std::string& commit, std::stop_token stop,
                   const std::string& name)
    : repository_(repository), stop_(std::move(stop)), path_(folder_.path() / name), commit_(commit) {
  forgetAbandoned(repository_);
  try {
    gitIn(repository_.top(), {"worktree", "add", "--quiet", "--detach", path_.string(), commit}, stop_);
  } catch (...) {
    remove();
    throw;
  }
}

Worktree::~Worktree() { remove(); }

void Worktree::checkOut(const std::string& commit) {
  gitIn(path_, {"checkout", "--quiet", "--force", "--detach", commit}, stop_);
  commit_ = commit;
}

void Worktree::clean() { gitIn(path_, {"clean", "--quiet", "-ffdx"}, stop_); }

// The folder first: git refuses to remove one with submodules, or files that it may not write.
void Worktree::remove() const noexcept {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
  try {
    forget(repository_, path_);
  } catch (const std::exception&) {
    // The next Worktree removes the entry.
  }
}

}  // namespace leakgate
