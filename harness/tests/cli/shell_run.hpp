// The built leakgate in a shell, with whatever redirections a user may write.
#pragma once

#include <doctest/doctest.h>
#include <stdlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace leakgate {

class ShellRun {
 public:
  ShellRun() {
    std::string name = std::filesystem::temp_directory_path() / "shell-XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder_ = name;
  }
  ShellRun(const ShellRun&) = delete;
  ShellRun& operator=(const ShellRun&) = delete;
  ~ShellRun() { std::filesystem::remove_all(folder_); }

  std::filesystem::path file(const std::string& name) const { return folder_ / name; }

  std::string contentOf(const std::string& name) const {
    std::ostringstream content;
    content << std::ifstream(file(name)).rdbuf();
    return content.str();
  }

  /// Runs "leakgate ARGUMENTS REDIRECTIONS" and returns leakgate's own status: that of a pipe is its last
  /// command's.
  int status(const std::string& arguments, const std::string& redirections) const {
    const std::string kept = file("status");
    std::ofstream(kept) << "none";
    const std::string command =
        "{ '" LEAKGATE "' " + arguments + "; echo $? > '" + kept + "'; } " + redirections;
    if (std::system(command.c_str()) == -1) return -1;
    return std::stoi(contentOf("status"));
  }

 private:
  std::filesystem::path folder_;
};

}  // namespace leakgate
