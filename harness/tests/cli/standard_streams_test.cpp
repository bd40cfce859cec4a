// leakgate with standard streams that are full, closed or unread.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "shell_run.hpp"

using namespace leakgate;

TEST_CASE("a standard stream that is full, closed or unread takes neither the report nor the verdict") {
  const ShellRun shell;
  const std::string scenario =
      "run '" SCENARIOS "/login_and_users.json' --requests 800 --no-self-audit --no-trigger";
  const auto report = shell.file("r.json");
  for (const char* redirections :
       {"> /dev/null 2> /dev/full", "> /dev/null 2>&-", "2>&1 | true", ">&- 2>&- <&-"}) {
    CAPTURE(redirections);
    std::filesystem::remove(report);
    CHECK(shell.status(scenario + " -o " + report.string(), redirections) == 1);
    CHECK(nlohmann::json::parse(shell.contentOf("r.json"))["findings"].size() == 2);
  }
  // The requested state could not be set up.
  CHECK(shell.status(scenario + " --depth none", "> /dev/full 2> " + shell.file("err").string()) == 3);
  CHECK(shell.contentOf("err").find("standard output: cannot write: No space left on device") !=
        std::string::npos);
}

TEST_CASE("a message that cannot be written leaves the exit code") {
  const ShellRun shell;
  for (const char* redirections : {"2> /dev/full", "2>&-", "2>&1 | true"}) {
    CAPTURE(redirections);
    CHECK(shell.status("run no-such-scenario", redirections) == 2);
  }
}
