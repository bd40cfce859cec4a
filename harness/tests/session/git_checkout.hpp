// A small git repository in a test's folder.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "revisions/repository.hpp"

namespace leakgate {

class GitCheckout {
 public:
  explicit GitCheckout(std::filesystem::path folder) : folder_(std::move(folder)) {
    git({"init", "--quiet", "--initial-branch=main"});
    git({"config", "user.name", "A Test"});
    git({"config", "user.email", "test@example.com"});
    git({"config", "commit.gpgsign", "false"});
  }

  /// Commits every file. Returns the commit.
  std::string commitAll(const std::string& subject) {
    git({"add", "--all"});
    git({"commit", "--quiet", "--allow-empty", "-m", subject});
    return git({"rev-parse", "HEAD"});
  }

  std::string git(std::vector<std::string> arguments) { return gitIn(folder_, std::move(arguments)); }

 private:
  std::filesystem::path folder_;
};

}  // namespace leakgate
