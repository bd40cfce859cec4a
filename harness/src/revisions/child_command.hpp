// Runs a program to its end: git, a build.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace leakgate {

struct ChildCommand {
  std::vector<std::string> arguments;  ///< argv; argv[0] is found in PATH
  std::filesystem::path directory;     ///< working directory
  std::filesystem::path logFile = {};  ///< receives standard output and error; "": kept in ChildEnd
};

struct ChildEnd {
  int status = 0;      ///< exit code, or 128 + signal
  std::string output;  ///< standard output, without a log file
  std::string errors;  ///< standard error, without a log file
};

/// Runs the program in a process group of its own, which Ctrl-C on the terminal does not reach, with an empty
/// standard input, and without the variables by which git would take another repository (GIT_DIR and its kin).
///
/// On a request to stop or after `limit` the whole group gets SIGTERM, so that git removes its lock files, and
/// SIGKILL after two seconds. Errors: Interrupted; OutOfTime; InputError when the program cannot be started.
ChildEnd runToEnd(const ChildCommand& command, const std::stop_token& stop = {},
                  std::optional<std::chrono::seconds> limit = std::nullopt);

}  // namespace leakgate
