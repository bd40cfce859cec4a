#include "history/history_json.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/schema_error.hpp"
#include "sample_runs.hpp"
#include "session/workspace.hpp"

using namespace leakgate;

namespace {

std::string schemaErrorIn(const nlohmann::ordered_json& json) {
  return errorIn(nlohmann::json::parse(json.dump()), "history-1.schema.json");
}

// Fourteen commits. A count changes at the seventh, a time at the tenth: too late to be sure. The last run is of another
// machine.
void addChanges(HistoryStore& store) {
  for (std::size_t i = 0; i < 14; ++i) {
    HistoryRun run = sampleRun(i);
    if (i >= 6) run.values[0].value = 4;
    run.values[1].value += static_cast<double>(i % 3) + (i >= 10 ? 2000 : 0);
    if (i >= 5) run.values.erase(run.values.begin() + 2);
    if (i == 13) run.machine = {"00000000000000ab", "00000000000000bc", "GNU C++20 13.2.0", "another one"};
    store.add(run);
  }
}

}  // namespace

TEST_CASE("what the history prints as JSON is valid by its schema") {
  const Workspace workspace;
  HistoryStore store(openDatabase(workspace.file("history.db").string(), Missing::create, {}));
  CHECK(schemaErrorIn(listJson(store.totals(), {}, {})) == "");
  addChanges(store);
  auto list = listJson(store.totals(), store.runs({}), store.machines());
  CHECK(schemaErrorIn(list) == "");
  list["added"] = 14;
  list["there_already"] = 0;
  CHECK(schemaErrorIn(list) == "");
  CHECK(schemaErrorIn(runsJson({sampleRun(0), sampleRun(1)})) == "");

  const auto trends = trendsJson({trendOf(store, {"login", "", 200, {}})});
  CHECK(schemaErrorIn(trends) == "");
  const auto& trend = trends["trends"][0];
  CHECK_FALSE(trend["markers"].empty());
  const auto any = [&](const char* field) {
    return std::any_of(trend["series"].begin(), trend["series"].end(), [&](const auto& series) {
      return !series[field].is_null() && !series[field].empty();
    });
  };
  CHECK(any("changes"));  // else the schema's rules for them have held nothing
  CHECK(any("undecided"));
}

TEST_CASE("the schema refuses a history that lacks a field or has one more") {
  auto runs = runsJson({sampleRun(0)});
  runs["runs"][0].erase("commit");
  CHECK(schemaErrorIn(runs) != "");
  auto list = runsJson({});
  list["unknown"] = 1;
  CHECK(schemaErrorIn(list) != "");
}
