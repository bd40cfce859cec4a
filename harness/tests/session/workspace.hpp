// A folder with scenarios, baselines and reports, for one test.
#pragma once

#include <doctest/doctest.h>
#include <stdlib.h>

#include <filesystem>
#include <string>

#include "report/atomic_file.hpp"

namespace leakgate {

class Workspace {
 public:
  Workspace() {
    std::string name = std::filesystem::temp_directory_path() / "gate-XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;
  ~Workspace() { std::filesystem::remove_all(path_); }

  std::filesystem::path file(const std::string& name) const { return path_ / name; }

  /// A valid scenario of that name in scenarios/.
  std::filesystem::path addScenario(const std::string& name) const {
    auto path = file("scenarios/" + name + ".json");
    writeAtomically(path, R"({"schema": "leakgate.scenario/1", "name": ")" + name +
                              R"(", "target": {"command": ["server", "{port}"]}, "steps": [{"name": "s"}]})");
    return path;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace leakgate
