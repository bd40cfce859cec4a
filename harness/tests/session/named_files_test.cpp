#include "session/named_files.hpp"

#include <doctest/doctest.h>

#include "scenario/input_error.hpp"
#include "session/workspace.hpp"

using namespace leakgate;
namespace fs = std::filesystem;

TEST_CASE("names become files") {
  CHECK(jsonFileOf("d", "a-b_c.1") == fs::path("d/a-b_c.1.json"));
  CHECK(jsonFileOf("d", "../x") == fs::path("d/.._x.json"));
  const Workspace workspace;
  const auto file = workspace.addScenario("one");
  CHECK(fileOrName(file.string(), "nowhere") == file);
  CHECK(fileOrName("one", workspace.file("scenarios")) == file);
  CHECK_THROWS_AS(fileOrName("two", workspace.file("scenarios")), InputError);
  CHECK(jsonFilesIn(workspace.file("scenarios"), "scenarios").size() == 1);
  CHECK_THROWS_AS(jsonFilesIn(workspace.file("empty"), "scenarios"), InputError);
}
