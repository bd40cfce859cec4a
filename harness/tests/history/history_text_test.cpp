// history_text.cpp, history_json.cpp, and scenario_trend.cpp on an SQLite history.
#include "history/history_text.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "history/history_json.hpp"
#include "sample_runs.hpp"
#include "scenario/input_error.hpp"
#include "session/workspace.hpp"

using namespace leakgate;

namespace {

HistoryStore storeOf(const Workspace& workspace) {
  return HistoryStore(openDatabase(workspace.file("history.db").string(), Missing::create, {}));
}

void set(HistoryRun& run, const std::string& name, double value) {
  for (HistoryValue& one : run.values)
    if (one.name == name) one.value = value;
}

// Twelve commits: from the ninth on one allocation more, and the finding is gone; the last but one is dirty.
void addSteps(HistoryStore& store) {
  for (std::size_t i = 0; i < 12; ++i) {
    HistoryRun run = sampleRun(i);
    if (i >= 8) {
      set(run, "allocations_per_request", 4);
      run.values.erase(run.values.begin() + 2);
    }
    run.dirty = i == 10;
    store.add(run);
  }
}

ScenarioTrend trendOfSteps(HistoryStore& store, const std::string& series = "", std::size_t newest = 200) {
  return trendOf(store, {"login", series, newest, {}});
}

}  // namespace

TEST_CASE("a trend names what changed, worst first, and the commits between") {
  const Workspace workspace;
  HistoryStore store = storeOf(workspace);
  addSteps(store);
  CHECK(trendText(trendOfSteps(store), {}) ==
        "login: 11 runs of 11 commits, 2023-11-14 to 2023-11-14\n"
        "  by the times of the commits: git knows none of them here\n"
        "  left out: 1 run with uncommitted changes\n"
        "WORSE      allocations_per_request\n"
        "           3 blocks -> 4 blocks (+33.3 %), exact\n"
        "           introduced in: last good 000000000000 of 2023-11-14,\n"
        "                          first bad 000000000000 of 2023-11-14\n"
        "           ________###\n"
        "BETTER     bytes_per_event at login app.cpp:31\n"
        "           17 B -> 0 B (-100 %), exact\n"
        "           changed in: last before 000000000000 of 2023-11-14,\n"
        "                       first after 000000000000 of 2023-11-14\n"
        "           ########___\n"
        "4 series: 2 changed, 0 undecided, 2 steady\n");
}

TEST_CASE("one series is drawn, and the others are not looked at") {
  const Workspace workspace;
  HistoryStore store = storeOf(workspace);
  addSteps(store);
  const std::string text = trendText(trendOfSteps(store, "allocations"), {Charset::ascii, false, true});
  CHECK(text.find("4 blocks |        ***") != std::string::npos);
  CHECK(text.find("app.cpp") == std::string::npos);
  CHECK(text.find("1 series: 1 changed") != std::string::npos);
  CHECK_THROWS_WITH_AS(trendOfSteps(store, "alocations_per_request"),
                       doctest::Contains("did you mean allocations_per_request?"), InputError);
  CHECK_THROWS_WITH_AS(trendOf(store, {"logni", "", 0, {}}), doctest::Contains("did you mean login?"),
                       InputError);
}

TEST_CASE("only the newest runs are looked at, and the others are counted") {
  const Workspace workspace;
  HistoryStore store = storeOf(workspace);
  addSteps(store);
  const ScenarioTrend trend = trendOfSteps(store, "", 3);
  CHECK(trend.runs.size() == 3);
  CHECK(trend.older == 8);
  CHECK(trendText(trend, {}).find("left out: 8 older runs (--last N)") != std::string::npos);
  CHECK(trendText(trend, {}).find("0 changed") != std::string::npos);
}

TEST_CASE("lines of trends, lists and runs have at most 80 columns") {
  const Workspace workspace;
  HistoryStore store = storeOf(workspace);
  addSteps(store);
  const auto headers = store.runs({"", 20});
  const std::string text = trendText(trendOfSteps(store), {Charset::ascii, true, false}) +
                           trendText(trendOfSteps(store), {Charset::ascii, true, true}) +
                           listText(store.totals(), headers, store.machines()) +
                           runText(store.whole(headers[0]));
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    CAPTURE(line);
    CHECK(line.size() <= 80);
  }
}

TEST_CASE("a list says how much there is, and what a run and a value take") {
  const Workspace workspace;
  HistoryStore store = storeOf(workspace);
  addSteps(store);
  const HistoryTotals totals = store.totals();
  CHECK(totalsText(totals).find("12 runs of 1 scenario, 12 commits, 1 machine\n") == 0);
  CHECK(totalsText({10000, 600000, 900, 2, 14, 30000000}) ==
        "10,000 runs of 14 scenarios, 900 commits, 2 machines\n30,000,000 B: 3,000 B a run, 50 B a value\n");
  const std::string text = listText(totals, store.runs({"", 2}), store.machines());
  CHECK(text.find("+ with uncommitted changes: kept, and left out of trends") != std::string::npos);
}

TEST_CASE("JSON has the whole commits, the changes and the values") {
  const Workspace workspace;
  HistoryStore store = storeOf(workspace);
  addSteps(store);
  const auto json = trendsJson({trendOfSteps(store)});
  CHECK(json["schema"] == "leakgate.history/1");
  const auto& trend = json["trends"][0];
  CHECK(trend["order"] == "time");
  CHECK(trend["left_out"]["dirty"] == 1);
  const auto& series = trend["series"][0];
  CHECK(series["name"] == "allocations_per_request");
  CHECK(series["changes"][0]["effect"] == "worse");
  CHECK(series["changes"][0]["last_good"] == sampleHash(7));
  CHECK(series["changes"][0]["first_bad"] == sampleHash(8));
  CHECK(series["values"].size() == 11);
  CHECK(runsJson({sampleRun(1)})["runs"][0]["values"][0]["kind"] == "exact");
  CHECK(listJson(store.totals(), store.runs({}), store.machines())["totals"]["runs"] == 12);
}
