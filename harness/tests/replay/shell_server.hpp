// Shell scripts in place of servers, for the tests of what starts and watches a target.
#pragma once

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include "replay/measure_error.hpp"
#include "replay/server_process.hpp"
#include "replay/temporary_directory.hpp"

namespace leakgate::test {

inline std::filesystem::path writeExecutable(const std::filesystem::path& file, const std::string& content) {
  std::ofstream(file, std::ios::binary) << content;
  ::chmod(file.c_str(), 0755);
  return file;
}

inline LaunchSpec shell(const TemporaryDirectory& folder, const std::string& script) {
  return {"/bin/sh", {"sh", "-c", script}, {}, folder.path() / "log"};
}

inline std::string logOf(const TemporaryDirectory& folder) {
  std::ifstream file(folder.path() / "log");
  return {std::istreambuf_iterator<char>(file), {}};
}

inline bool eventually(const std::function<bool()>& condition) {
  for (int k = 0; k < 400; ++k) {
    if (condition()) return true;
    ::usleep(5000);
  }
  return false;
}

/// How the process says that it has ended; "" while it runs.
inline std::string endOf(ServerProcess& process) {
  try {
    process.requireAlive();
  } catch (const MeasureError& error) {
    return error.what();
  }
  return "";
}

}  // namespace leakgate::test
