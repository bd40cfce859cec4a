// Builds a commit.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>

#include "replay/measure_error.hpp"
#include "revisions/worktree.hpp"

namespace leakgate {

/// A commit that cannot be built says nothing about its leaks: it is neither good nor bad.
class BuildError : public MeasureError {
 public:
  using MeasureError::MeasureError;
};

/// Runs `command` by a shell at the top of the worktree; its temporary files (TMPDIR) go with the worktree,
/// also when it is killed. Errors: BuildError, whose first line is a sentence and
/// whose others are the end of the build's output; Interrupted.
void build(const Worktree& worktree, const std::string& command, std::chrono::seconds limit,
           const std::stop_token& stop);

}  // namespace leakgate
