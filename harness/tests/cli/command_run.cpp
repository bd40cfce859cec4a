#include "command_run.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>

#include "cli/commands.hpp"
#include "report/atomic_file.hpp"
#include "report/report_json.hpp"

namespace leakgate::test {

int leakgateMain(const std::vector<std::string>& arguments) {
  std::vector<const char*> argv{"leakgate"};
  for (const auto& argument : arguments) argv.push_back(argument.c_str());
  return runCli(static_cast<int>(argv.size()), argv.data());
}

Printed printedBy(const std::vector<std::string>& arguments) {
  const Workspace workspace;
  const auto file = workspace.file("printed").string();
  std::fflush(nullptr);
  const int output = ::dup(STDOUT_FILENO);
  const int errors = ::dup(STDERR_FILENO);
  const int to = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::dup2(to, STDOUT_FILENO);
  ::dup2(to, STDERR_FILENO);
  std::cout.flush();
  const int status = leakgateMain(arguments);
  std::cout.flush();
  std::fflush(nullptr);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(errors, STDERR_FILENO);
  for (const int descriptor : {output, errors, to}) ::close(descriptor);
  return {status, readWhole(file)};
}

std::string writeReport(const Workspace& workspace, const std::string& name, const Report& report) {
  const auto file = workspace.file(name);
  writeAtomically(file, toText(toJson(report)));
  return file.string();
}

}  // namespace leakgate::test
