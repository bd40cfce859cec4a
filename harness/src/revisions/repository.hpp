// The history of a git repository.
#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

namespace leakgate {

/// A commit for people.
struct CommitSummary {
  std::string hash;
  std::string author;              ///< "Name <address>"
  std::string date;                ///< of the author, "2026-11-30"
  std::string subject;             ///< first line of the message
  std::vector<std::string> files;  ///< its diff stat against the first parent, one line each
};

/// A commit that may be the first bad one.
struct Suspect {
  std::string commit;
  std::uint64_t distance = 0;  ///< commits that a test of it rules out, whatever its result
};

/// Reads the repository of a folder by the program git; changes nothing, takes no lock.
///
/// Commits are full hashes. Threads: one owner. Errors: every function throws InputError with git's message.
class Repository {
 public:
  /// The repository that `folder` is in. Errors: InputError when it is in none.
  explicit Repository(const std::filesystem::path& folder);

  /// The top of its working tree, absolute.
  const std::filesystem::path& top() const { return top_; }

  /// The commit that a user's text names. `option`, for the message: "--good".
  std::string commitOf(const std::string& revision, const std::string& option) const;

  bool isAncestor(const std::string& ancestor, const std::string& commit) const;

  /// The best common ancestor; "" if there is none.
  std::string mergeBase(const std::string& a, const std::string& b) const;

  /// The first parent; "" for a first commit.
  std::string parentOf(const std::string& commit) const;

  /// The ancestors of `bad`, itself included, that are no ancestors of `good`: newest first, each with git's
  /// measure of how well it halves them (git rev-list --bisect-all).
  std::vector<Suspect> suspects(const std::string& bad, const std::vector<std::string>& good) const;

  CommitSummary summary(const std::string& commit) const;

 private:
  std::string git(std::vector<std::string> arguments) const;

  std::filesystem::path top_;
};

/// A hash for people: "3f2a91c04b7d".
std::string shortHash(const std::string& commit);

/// Runs git in `folder`, without hooks and optional locks, and returns its standard output without the last
/// newline. Errors: InputError with git's message when it fails; Interrupted.
std::string gitIn(const std::filesystem::path& folder, std::vector<std::string> arguments,
                  const std::stop_token& stop = {});

}  // namespace leakgate
