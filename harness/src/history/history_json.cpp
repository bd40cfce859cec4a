#include "history/history_json.hpp"

namespace leakgate {

namespace {

using Json = nlohmann::ordered_json;

Json toJson(const CommitInfo& commit) {
  return {{"hash", commit.hash}, {"parents", commit.parents}, {"time", commit.time}};
}

Json toJson(const Machine& machine) {
  return {{"fingerprint", machine.fingerprint},
          {"compiler", machine.compiler},
          {"description", machine.description}};
}

Json toJson(const ScenarioTrend& trend, const LevelChange& change) {
  constexpr std::string_view kEffects[] = {"worse", "better", "changed"};
  Json json{{"effect", kEffects[static_cast<int>(change.effect)]},
            {"last_good", trend.runs[change.lastGood].commit},
            {"first_bad", trend.runs[change.firstBad].commit},
            {"not_measured_between", change.skipped},
            {"before", change.before},
            {"after", change.after},
            {"exact", change.exact}};
  if (!change.exact) json["p"] = change.p;
  return json;
}

Json toJson(const ScenarioTrend& trend, const JudgedSeries& judged) {
  const TrendSeries& series = judged.series;
  Json values = Json::array();
  for (const auto& value : series.values) values.push_back(value ? Json(*value) : Json(nullptr));
  Json changes = Json::array();
  for (const LevelChange& change : judged.trend.changes) changes.push_back(toJson(trend, change));
  Json undecided = nullptr;
  if (const auto& change = judged.trend.undecided) {
    undecided = {{"since", trend.runs[change->firstBad].commit},
                 {"before", change->before},
                 {"after", change->after},
                 {"more_runs", change->moreRuns}};
  }
  return {{"name", series.name},
          {"label", series.label},
          {"unit", series.unit},
          {"direction", toString(series.direction)},
          {"exact", judged.trend.exact},
          {"changes", std::move(changes)},
          {"undecided", std::move(undecided)},
          {"missing_runs", judged.trend.missingRuns},
          {"values", std::move(values)}};
}

Json toJson(const ScenarioTrend& trend) {
  Json runs = Json::array();
  for (const TrendRun& run : trend.runs)
    runs.push_back({{"commit", run.commit}, {"time", run.time}, {"fingerprint", run.fingerprint}});
  Json markers = Json::array();
  for (const Marker& marker : trend.markers)
    markers.push_back({{"commit", trend.runs[marker.at].commit}, {"text", marker.text}});
  Json series = Json::array();
  for (const JudgedSeries& judged : trend.series) series.push_back(toJson(trend, judged));
  return {{"scenario", trend.scenario},
          {"order", trend.byGit ? "git" : "time"},
          {"left_out", {{"older", trend.older}, {"elsewhere", trend.elsewhere}, {"dirty", trend.dirty}}},
          {"runs", std::move(runs)},
          {"markers", std::move(markers)},
          {"series", std::move(series)}};
}

}  // namespace

Json listJson(const HistoryTotals& totals, const std::vector<RunHeader>& runs,
              const std::map<std::int64_t, Machine>& machines) {
  Json list = Json::array();
  for (const RunHeader& run : runs) {
    list.push_back({{"run", run.identity},
                    {"commit", toJson(run.commit)},
                    {"dirty", run.dirty},
                    {"scenario", run.scenario},
                    {"started_at", run.startedAt},
                    {"machine", toJson(machines.at(run.machine))},
                    {"values", run.valueCount}});
  }
  return {{"schema", kHistorySchema},
          {"totals",
           {{"runs", totals.runs},
            {"values", totals.values},
            {"commits", totals.commits},
            {"machines", totals.machines},
            {"scenarios", totals.scenarios},
            {"disk_bytes", totals.diskBytes}}},
          {"runs", std::move(list)}};
}

Json runsJson(const std::vector<HistoryRun>& runs) {
  Json list = Json::array();
  for (const HistoryRun& run : runs) {
    Json values = Json::array();
    for (const HistoryValue& value : run.values) {
      values.push_back({{"name", value.name},
                        {"label", value.label},
                        {"value", value.value},
                        {"unit", value.unit},
                        {"kind", toString(value.kind)},
                        {"direction", toString(value.direction)}});
    }
    list.push_back({{"run", run.identity},
                    {"commit", toJson(run.commit)},
                    {"dirty", run.dirty},
                    {"scenario", run.scenario},
                    {"started_at", run.startedAt},
                    {"machine", toJson(run.machine)},
                    {"values", std::move(values)}});
  }
  return {{"schema", kHistorySchema}, {"runs", std::move(list)}};
}

Json trendsJson(const std::vector<ScenarioTrend>& trends) {
  Json list = Json::array();
  for (const ScenarioTrend& trend : trends) list.push_back(toJson(trend));
  return {{"schema", kHistorySchema}, {"trends", std::move(list)}};
}

}  // namespace leakgate
