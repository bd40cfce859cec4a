#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "command_run.hpp"
#include "report/sample_report.hpp"

using namespace leakgate;
using namespace leakgate::test;

namespace {

Report measured(Report report, const std::string& commit, int minute) {
  report.environment.commit = commit;
  report.startedAt = "2026-11-30T05:" + std::string(minute < 10 ? "0" : "") + std::to_string(minute) + ":00Z";
  return report;
}

bool contains(const Printed& printed, const std::string& text) {
  if (printed.text.find(text) != std::string::npos) return true;
  MESSAGE(printed.text);
  return false;
}

}  // namespace

TEST_CASE("history: added reports are listed, shown, and their trend names the commit") {
  const Workspace workspace;
  const std::string history = workspace.file("sub/history.db").string();
  const auto run = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "history");
    arguments.insert(arguments.end(), {"--history", history});
    return printedBy(arguments);
  };
  const auto clean = writeReport(workspace, "r/clean.json", measured(cleanReport(), "aaaaaaaaaaaa", 1));
  const auto leaky = writeReport(workspace, "r/leaky.json", measured(leakyReport(), "bbbbbbbbbbbb", 2));
  CHECK(contains(run({"add", clean}), "added 1 of 1 runs\n"));
  CHECK(contains(run({"add", workspace.file("r").string()}),
                 "added 1 of 2 runs; the others were there already\n"));
  const Printed list = run({"list"});
  CHECK(list.status == 0);
  CHECK(contains(list, "2 runs of 1 scenario, 2 commits, 1 machine\n"));
  CHECK(contains(list, "bbbbbbbbbbbb"));
  CHECK(contains(run({"show", "aaaaaaaa"}), "allocations_per_request"));
  const Printed trend = run({"trend"});
  CHECK(trend.status == 0);
  CHECK(contains(trend, "WORSE      live_bytes_per_request"));
  CHECK(contains(trend, "introduced in: last good aaaaaaaaaaaa"));
  CHECK(contains(trend, "first bad bbbbbbbbbbbb"));
  const auto json = nlohmann::json::parse(run({"trend", "--json"}).text);
  CHECK(json["trends"][0]["series"][0]["changes"][0]["first_bad"] == "bbbbbbbbbbbb");
  CHECK(nlohmann::json::parse(run({"list", "--json"}).text)["runs"].size() == 2);
  CHECK(nlohmann::json::parse(run({"show", "bbbb", "--json"}).text)["runs"].size() == 1);
}

TEST_CASE("history: all reports are added or none") {
  const Workspace workspace;
  const std::string history = workspace.file("history.db").string();
  const auto good = writeReport(workspace, "good.json", measured(cleanReport(), "aaaaaaaaaaaa", 1));
  Report partial = measured(cleanReport(), "bbbbbbbbbbbb", 2);
  partial.end = RunEnd::outOfTime;
  const auto bad = writeReport(workspace, "bad.json", partial);
  const Printed printed = printedBy({"history", "add", good, bad, "--history", history});
  CHECK(printed.status == 2);
  CHECK(contains(printed, "bad.json: run.end: found"));
  CHECK_FALSE(std::filesystem::exists(history));
}

TEST_CASE("history: import copies what is not there yet") {
  const Workspace workspace;
  const std::string from = workspace.file("from.db").string();
  const std::string to = workspace.file("to.db").string();
  for (int i = 1; i <= 3; ++i) {
    const auto report =
        writeReport(workspace, "r.json", measured(cleanReport(), "aaaaaaaaaaa" + std::to_string(i), i));
    leakgateMain({"history", "add", report, "--history", i == 2 ? to : from});
    if (i == 1) leakgateMain({"history", "add", report, "--history", to});
  }
  CHECK(contains(printedBy({"history", "import", from, "--history", to}),
                 "added 1 of 2 runs of " + from + "; the others were there already"));
  CHECK(contains(printedBy({"history", "list", "--history", to}), "3 runs of 1 scenario"));
}

TEST_CASE("history: wrong usage is named") {
  const Workspace workspace;
  const std::string none = workspace.file("none.db").string();
  for (const auto& arguments :
       {std::vector<std::string>{"history"},
        {"history", "drop"},
        {"history", "list", "--last", "-1"},
        {"history", "list", "--history", none},
        {"history", "show", "abcd", "--history", none},
        {"history", "add", workspace.file("missing.json").string(), "--history", none},
        {"history", "trend", "--branch", "-x", "--history", none}}) {
    CAPTURE(arguments.back());
    CHECK(printedBy(arguments).status == 2);
  }
  CHECK_FALSE(std::filesystem::exists(none));
  CHECK(
      contains(printedBy({"history", "list", "--history", none}),
               "none.db: found no such file, expected a history; make it with leakgate history add REPORT"));
}
