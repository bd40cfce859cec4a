// Options of the commands that build other commits: the build, the target, the time for both.
#pragma once

#include <CLI/App.hpp>
#include <string>

#include "revisions/repository.hpp"
#include "session/revision_run.hpp"

namespace leakgate {

struct RevisionArguments {
  std::string build;
  std::string target;
  unsigned buildSeconds = 3'600;
  unsigned maxSeconds = kMaxSeconds;

  /// The plan for a scenario: options first, then leakgate.json, then the scenario. Errors: InputError, also
  /// when nothing says how to build.
  RevisionPlan planFor(const std::string& scenario, const Repository& repository) const;

  /// The options as typed, with a blank before each.
  std::string typed() const;
};

/// The arguments must outlive the parsing.
void addRevisionOptions(CLI::App& command, RevisionArguments& arguments);

/// A line that says how to remember --build; "" when it was not given, or is remembered already.
std::string rememberHint(const RevisionArguments& arguments, const Repository& repository);

/// A line for a shell that builds the commit in a worktree below /tmp and replays the scenario there.
std::string reproduceLine(const Repository& repository, const std::string& commit, const RevisionPlan& plan);

}  // namespace leakgate
