// cli.cpp, and what it has of each command: options, usage errors, help.
#include <doctest/doctest.h>

#include <sstream>

#include "command_run.hpp"
#include "report/atomic_file.hpp"
#include "scenario/load.hpp"

using namespace leakgate;
using namespace leakgate::test;

TEST_CASE("usage errors are exit code 2, help is 0") {
  CHECK(leakgateMain({}) == 2);
  CHECK(leakgateMain({"fly"}) == 2);
  CHECK(leakgateMain({"run"}) == 2);
  CHECK(leakgateMain({"run", "a.json", "--depth", "deep"}) == 2);
  CHECK(leakgateMain({"run", "a.json", "--requests", "many"}) == 2);
  for (const char* command : {"run", "gate"}) {
    CHECK(leakgateMain({command, "a.json", "--trigger-seconds", "0"}) == 2);
    CHECK(leakgateMain({command, "a.json", "--suppressions"}) == 2);
  }
  CHECK(leakgateMain({"gate", "a.json", "--depth", "count"}) == 2);
  CHECK(leakgateMain({"diff", "a", "b", "--json", "--markdown"}) == 2);
  CHECK(leakgateMain({"accept"}) == 2);
  for (const char* command :
       {"run", "diff", "gate", "accept", "import", "merge", "baselines", "repro", "profile"})
    CHECK(leakgateMain({command, "--help"}) == 0);
  CHECK(leakgateMain({"--version"}) == 0);
}

TEST_CASE("wrong usage is named") {
  struct Row {
    std::vector<std::string> arguments;
    const char* message;
  };
  const Row rows[] = {
      {{"frob"}, "found \"frob\", expected a command: run, diff, gate, accept"},
      {{"gat"}, "did you mean gate?"},
      {{"run", "a.json", "--requests", "-8"}, "found \"-8\", expected a whole number from 8 to 1000000000"},
      {{"run", "a.json", "--seed", "99999999999999999999"},
       "expected a whole number from 0 to 18446744073709551615"},
      {{"run", "a.json", "--warmup", "-1"}, "found \"-1\""},
      {{"run", "a.json", "--max-seconds", "0"}, "found \"0\", expected a whole number from 1"},
      {{"gate", "--ready-seconds", "-3"}, "found \"-3\""},
      {{"gate", "--shard", "3/2"}, "found \"3/2\", expected i/n with i from 1 to n"},
      {{"gate", "--allow-loosened"}, "--base-ref"},
      {{"minimize", "r.json", "--finding", "-1"}, "found \"-1\""},
      {{"profile"}, "found nothing to profile, expected a scenario, --target or --from"},
      {{"profile", "a.json", "--top", "0"}, "found \"0\", expected a whole number from 1"},
      {{"profile", "a.json", "--by", "peak"}, "peak not in {allocations,bytes,live}"},
      {{"profile", "a.json", "--from", "r.json"}, "SCENARIO excludes --from"},
      {{}, "bad input: found nothing, expected a command: run, diff, gate, accept"},
      {{"--frob"}, "bad input: found \"--frob\", expected a command: run, diff, gate, accept"},
      {{"run", "a.json", "-o", ""}, "found \"\", expected a file"},
      {{"run", "a.json", "--target", ""}, "found \"\", expected a command"},
      {{"gate", "--baselines", ""}, "found \"\", expected a folder"},
      {{"run", "no-such.json"}, "no-such.json: there is no such file; check the name"},
      {{"run", "no-such"}, "no-such: there is no such file, nor scenarios/no-such.json; check the name"},
      {{"run", "/tmp"}, "/tmp: found a folder, expected a file; to replay all scenarios of a folder"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.message);
    const Printed printed = printedBy(row.arguments);
    CAPTURE(printed.text);
    CHECK(printed.status == 2);
    CHECK(printed.text.find(row.message) != std::string::npos);
  }
}

TEST_CASE("an output that cannot be written is told before the run") {
  const Workspace workspace;
  const std::string scenario = workspace.addScenario("one").string();  // its target is not there either
  const std::string file = workspace.file("file").string();
  writeAtomically(file, "x");
  struct Row {
    std::vector<std::string> arguments;
    std::string message;
  };
  const Row rows[] = {
      {{"run", scenario, "-o", workspace.file("scenarios").string()}, "in place of a folder"},
      {{"run", scenario, "-o", "/dev/full"}, "/dev/full: cannot write: No space left on device"},
      {{"run", scenario, "-o", "/proc/x/r.json"}, "cannot create"},
      {{"run", scenario, "-o", file + "/r.json"}, file + ": cannot make a folder in a file"},
      {{"run", scenario, "-o", scenario}, "-o: found " + scenario + ", which is read here"},
      {{"gate", scenario, "--reports", "/proc/x"}, "cannot create"},
      {{"gate", scenario, "--reports", file}, "--reports: found " + file + ", a file, expected a folder"},
      {{"gate", scenario, "--reports", workspace.file("latest").string(), "--baselines", file},
       "--baselines: found " + file + ", a file, expected a folder of baselines"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.message);
    const Printed printed = printedBy(row.arguments);
    CAPTURE(printed.text);
    CHECK(printed.status == 2);
    CHECK(printed.text.find(row.message) != std::string::npos);
    CHECK(printed.text.find("target.command") == std::string::npos);
  }
  CHECK(readWhole(file) == "x");
  CHECK(loadScenario(scenario).name == "one");
}

TEST_CASE("no line of the help is longer than 80 columns") {
  for (const char* command : {"", "run", "diff", "gate", "accept", "import", "doctor", "minimize", "merge",
                              "baselines", "repro", "profile"}) {
    const Printed printed = *command == '\0' ? printedBy({"--help"}) : printedBy({command, "--help"});
    CHECK(printed.status == 0);
    std::istringstream lines(printed.text);
    for (std::string line; std::getline(lines, line);) {
      CAPTURE(line);
      CHECK(line.size() <= 80);
    }
  }
}
