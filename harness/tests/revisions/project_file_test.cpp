#include "revisions/project_file.hpp"

#include <doctest/doctest.h>

#include "report/atomic_file.hpp"
#include "scenario/input_error.hpp"
#include "session/workspace.hpp"

using namespace leakgate;

TEST_CASE("a project file says how to build, where programs are, and what to start") {
  const Workspace workspace;
  CHECK(readProjectFile(workspace.file("")).build == "");
  writeAtomically(workspace.file("leakgate.json"),
                  R"({"schema": "leakgate.project/1", // comments are allowed
                      "build": "make -j2", "bin": "build/bin", "target": ["build/server", "{port}"]})");
  const ProjectFile project = readProjectFile(workspace.file(""));
  CHECK(project.build == "make -j2");
  CHECK(project.bin == "build/bin");
  CHECK(project.target == std::vector<std::string>{"build/server", "{port}"});
  CHECK(parseProjectFile(projectFileWith("make \"x\""), "f").build == "make \"x\"");
}

TEST_CASE("a bad project file is refused with file, field, found and expected") {
  const auto message = [](const std::string& fields) -> std::string {
    try {
      parseProjectFile(R"({"schema": "leakgate.project/1", )" + fields + "}", "leakgate.json");
    } catch (const InputError& error) {
      return error.what();
    }
    return "accepted";
  };
  const std::vector<std::pair<std::string, std::string>> cases{
      {R"("build": "make")", "accepted"},
      {R"("bin": "x")", "build: found nothing, expected a string"},
      {R"("build": "")", "build: found \"\", expected the command"},
      {R"("build": 3)", "build: found 3, expected a string"},
      {R"("build": "make", "bin": "/usr/bin")", "bin: found \"/usr/bin\", expected a folder below the top"},
      {R"("build": "make", "bin": "../bin")", "bin: found \"../bin\", expected a folder below the top"},
      {R"("build": "make", "target": "x")", "target: found \"x\", expected a list of words"},
      {R"("build": "make", "target": [])", "target: found [], expected a list of words"},
      {R"("build": "make", "target": ["x", 1])", "target[1]: found 1, expected a string"},
      {R"("build": "make", "biuld": "x")", "did you mean build?"},
  };
  for (const auto& [fields, expected] : cases) {
    CAPTURE(fields);
    CHECK(message(fields).find(expected) != std::string::npos);
  }
  CHECK_THROWS_WITH_AS(parseProjectFile(R"({"schema": "leakgate.project/2", "build": "x"})", "leakgate.json"),
                       doctest::Contains("newer leakgate"), InputError);
  CHECK_THROWS_WITH_AS(parseProjectFile("{", "leakgate.json"), doctest::Contains("line 1"), InputError);
}
