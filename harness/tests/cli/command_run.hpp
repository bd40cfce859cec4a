// leakgate's commands in this process: those that start no target.
#pragma once

#include <string>
#include <vector>

#include "report/report.hpp"
#include "session/workspace.hpp"

namespace leakgate::test {

/// The exit code.
int leakgateMain(const std::vector<std::string>& arguments);

/// What a command prints on both streams.
struct Printed {
  int status;
  std::string text;
};
Printed printedBy(const std::vector<std::string>& arguments);

/// Writes a report into the workspace. Returns its path.
std::string writeReport(const Workspace& workspace, const std::string& name, const Report& report);

}  // namespace leakgate::test
