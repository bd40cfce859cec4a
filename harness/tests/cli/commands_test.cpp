// Commands that start no target, in this process.
#include "cli/commands.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <sstream>

#include "report/baseline.hpp"
#include "report/report_json.hpp"
#include "report/sample_report.hpp"
#include "scenario/load.hpp"
#include "session/workspace.hpp"

using namespace leakgate;
namespace fs = std::filesystem;

namespace {

int leakgateMain(std::vector<std::string> arguments) {
  std::vector<const char*> argv{"leakgate"};
  for (const auto& argument : arguments) argv.push_back(argument.c_str());
  return runCli(static_cast<int>(argv.size()), argv.data());
}

std::string write(const Workspace& workspace, const std::string& name, const Report& report) {
  const auto file = workspace.file(name);
  writeAtomically(file, toText(toJson(report)));
  return file.string();
}

}  // namespace

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
  for (const char* command : {"run", "diff", "gate", "accept", "import"})
    CHECK(leakgateMain({command, "--help"}) == 0);
  CHECK(leakgateMain({"--version"}) == 0);
}

namespace {

// What a command prints on both streams.
struct Printed {
  int status;
  std::string text;
};
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

}  // namespace

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
      {{"minimize", "r.json", "--finding", "-1"}, "found \"-1\""},
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
  for (const char* command : {"", "run", "diff", "gate", "accept", "import", "doctor", "minimize"}) {
    const Printed printed = *command == '\0' ? printedBy({"--help"}) : printedBy({command, "--help"});
    CHECK(printed.status == 0);
    std::istringstream lines(printed.text);
    for (std::string line; std::getline(lines, line);) {
      CAPTURE(line);
      CHECK(line.size() <= 80);
    }
  }
}

TEST_CASE("diff's exit codes") {
  const Workspace workspace;
  const auto clean = write(workspace, "clean.json", cleanReport());
  const auto leaky = write(workspace, "leaky.json", leakyReport());
  CHECK(leakgateMain({"diff", clean, clean}) == 0);
  CHECK(leakgateMain({"diff", clean, leaky}) == 1);
  CHECK(leakgateMain({"diff", clean, leaky, "--markdown"}) == 1);
  CHECK(leakgateMain({"diff", leaky, clean, "--json"}) == 0);
  CHECK(leakgateMain({"diff", clean, workspace.file("missing.json").string()}) == 2);
  Report other = cleanReport();
  other.scenario.hash = "fedcba9876543210";
  other.scenario.target.command = {"another-server", "{port}"};
  CHECK(leakgateMain({"diff", clean, write(workspace, "other.json", other)}) == 0);
  other.scenario.load.seed = 99;
  CHECK(leakgateMain({"diff", clean, write(workspace, "other.json", other)}) == 2);
  Report partial = leakyReport();
  partial.end = RunEnd::outOfTime;
  const auto early = write(workspace, "early.json", partial);
  for (const auto& arguments : {std::vector{std::string("diff"), early, clean}, {"diff", clean, early}}) {
    const Printed printed = printedBy(arguments);
    CHECK(printed.status == 2);
    CHECK(
        printed.text.find("early.json: run.end: found \"out of time\", a partial report, expected that of") !=
        std::string::npos);
  }
}

TEST_CASE("accept takes what passes, and the rest only on purpose") {
  const Workspace workspace;
  const auto reports = workspace.file("latest").string();
  const auto baselines = workspace.file("baselines").string();
  const auto accept = [&](std::vector<std::string> arguments) {
    std::vector<std::string> all{"accept", "--repeats", "0", "--reports", reports, "--baselines", baselines};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return leakgateMain(all);
  };
  CHECK(accept({"--all"}) == 2);  // no reports

  Report clean = cleanReport();
  clean.verdict.outcome = Outcome::badInput;  // its old baseline was stale: what accept is for
  write(workspace, "latest/sample.json", clean);
  CHECK(accept({"sample"}) == 0);
  CHECK(readBaseline(workspace.file("baselines/sample.json")).findings.empty());

  write(workspace, "latest/sample.json", leakyReport());
  CHECK(accept({"--all"}) == 1);
  CHECK(readBaseline(workspace.file("baselines/sample.json")).findings.empty());  // as it was
  CHECK(accept({"--all", "--force"}) == 0);
  CHECK(readBaseline(workspace.file("baselines/sample.json")).findings.size() == 1);

  Report overBudget = cleanReport();
  overBudget.scenario.budgets["requests"].max = 7999;
  write(workspace, "latest/sample.json", overBudget);
  CHECK(accept({"sample"}) == 1);
  CHECK(accept({"sample", "--force"}) == 0);
  Report timesOnly = cleanReport();
  timesOnly.depth = Depth::none;
  write(workspace, "latest/sample.json", timesOnly);
  CHECK(accept({"sample", "--force"}) == 1);

  Report unmeasured = cleanReport();
  unmeasured.audit.eventsDropped = 1;
  write(workspace, "latest/sample.json", unmeasured);
  CHECK(accept({"sample", "--force"}) == 1);

  Report partial = leakyReport();
  partial.end = RunEnd::outOfTime;
  write(workspace, "latest/sample.json", partial);
  CHECK(accept({"sample", "--force"}) == 1);
  CHECK(accept({"nothing"}) == 2);
  CHECK(accept({"--all", "--repeats", "many"}) == 2);
}

TEST_CASE("import writes a scenario, whole or not at all") {
  const Workspace workspace;
  const auto log = workspace.file("access.log").string();
  const auto scenario = workspace.file("s.json").string();
  writeAtomically(log,
                  "1.2.3.4 - - [17/May/2015:10:05:03 +0000] \"GET /a HTTP/1.1\" 200 7 \"-\" \"agent\"\n");
  CHECK(leakgateMain({"import", "--access-log", log, "-o", scenario, "--target", "server --port {port}"}) ==
        0);
  REQUIRE(fs::exists(scenario));
  CHECK(loadScenario(scenario).target.ready.empty());  // another server may have no /health
  CHECK(leakgateMain({"import", "--access-log", log, "-o", scenario, "--target", "server {port}", "--ready",
                      "/up"}) == 0);
  CHECK(loadScenario(scenario).target.ready == "/up");
  writeAtomically(log, "nothing of use\n");
  CHECK(leakgateMain({"import", "--access-log", log, "-o", workspace.file("t.json").string()}) == 2);
  CHECK_FALSE(fs::exists(workspace.file("t.json")));
  CHECK(leakgateMain({"import", "--access-log", "/no/such/log", "-o", scenario}) == 2);
}
