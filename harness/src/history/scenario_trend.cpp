#include "history/scenario_trend.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "history/commit_line.hpp"
#include "scenario/input_error.hpp"
#include "scenario/nearest_names.hpp"

namespace leakgate {

namespace {

std::vector<RunHeader> cleanRuns(HistoryStore& store, const std::string& scenario, std::size_t& dirty) {
  std::vector<RunHeader> runs = store.runs({scenario, 0});
  if (runs.empty()) {
    const std::string meant = didYouMean(scenario, store.scenarios());
    throw InputError(store.name(), "", "no run of \"" + scenario + "\"", "a scenario of this history",
                     meant.empty() ? "leakgate history list shows its scenarios" : meant);
  }
  dirty = std::erase_if(runs, [](const RunHeader& run) { return run.dirty; });
  return runs;
}

// Only the newest; the number of older ones is returned.
std::size_t keepNewest(OrderedRuns& ordered, std::size_t newest) {
  if (newest == 0 || ordered.runs.size() <= newest) return 0;
  const std::size_t older = ordered.runs.size() - newest;
  const auto end = static_cast<std::ptrdiff_t>(older);
  ordered.runs.erase(ordered.runs.begin(), ordered.runs.begin() + end);
  ordered.skipped.erase(ordered.skipped.begin(), ordered.skipped.begin() + end);
  return older;
}

std::vector<TrendRun> trendRuns(const OrderedRuns& ordered, const std::map<std::int64_t, Machine>& machines) {
  std::vector<TrendRun> runs;
  for (std::size_t i = 0; i < ordered.runs.size(); ++i) {
    const RunHeader& run = ordered.runs[i];
    const Machine& machine = machines.at(run.machine);
    runs.push_back({run.commit.hash, run.commit.time, run.workload, machine.countsKey, machine.fingerprint,
                    machine.compiler, machine.description, ordered.skipped[i]});
  }
  return runs;
}

bool matches(const SeriesInfo& info, const std::string& wanted) {
  return info.name.find(wanted) != std::string::npos || info.label.find(wanted) != std::string::npos;
}

// The series that are asked for: the one of that name, else those that contain it.
std::set<std::int64_t> wantedSeries(const std::map<std::int64_t, SeriesInfo>& all,
                                    const std::string& wanted) {
  std::set<std::int64_t> exact;
  std::set<std::int64_t> some;
  for (const auto& [id, info] : all) {
    if (info.name == wanted) exact.insert(id);
    if (matches(info, wanted)) some.insert(id);
  }
  return exact.empty() ? some : exact;
}

[[noreturn]] void refuseSeries(const HistoryStore& store, const TrendRequest& request,
                               const std::map<std::int64_t, SeriesInfo>& all) {
  std::vector<std::string> names;
  for (const auto& [id, info] : all) names.push_back(info.name);
  const std::string meant = didYouMean(request.series, names);
  throw InputError(
      store.name(), "", "no series \"" + request.series + "\"", "one of " + request.scenario,
      meant.empty() ? "leakgate history trend " + request.scenario + " --all lists them" : meant);
}

std::vector<TrendSeries> loadSeries(HistoryStore& store, const TrendRequest& request,
                                    const OrderedRuns& ordered) {
  std::vector<std::int64_t> ids;
  std::unordered_map<std::int64_t, std::size_t> positions;
  for (const RunHeader& run : ordered.runs) {
    positions[run.id] = ids.size();
    ids.push_back(run.id);
  }
  const auto infos = store.series();
  const auto wanted = wantedSeries(infos, request.series);
  std::map<std::int64_t, TrendSeries> loaded;
  for (const Sample& sample : store.samples(ids)) {
    if (wanted.count(sample.series) == 0) continue;
    const SeriesInfo& info = infos.at(sample.series);
    TrendSeries& series = loaded[sample.series];
    if (series.values.empty()) {
      series = {info.name, info.label, info.unit, info.direction, {}, {}};
      series.values.resize(ids.size());
      series.kinds.resize(ids.size());
      if (absentMeansZero(info.name)) series.values.assign(ids.size(), 0.0);
    }
    series.values[positions.at(sample.run)] = sample.value;
    series.kinds[positions.at(sample.run)] = sample.kind;
  }
  if (loaded.empty() && !request.series.empty()) refuseSeries(store, request, infos);
  std::vector<TrendSeries> all;
  for (auto& [id, series] : loaded) all.push_back(std::move(series));
  return all;
}

}  // namespace

int rankOf(const SeriesTrend& trend) {
  int rank = trend.undecided ? 3 : 4;
  for (const LevelChange& change : trend.changes) rank = std::min(rank, static_cast<int>(change.effect));
  return rank;
}

ScenarioTrend trendOf(HistoryStore& store, const TrendRequest& request) {
  ScenarioTrend trend;
  trend.scenario = request.scenario;
  OrderedRuns ordered = orderRuns(cleanRuns(store, request.scenario, trend.dirty), request.line);
  trend.elsewhere = ordered.elsewhere;
  trend.byGit = ordered.byGit;
  trend.older = keepNewest(ordered, request.newest);
  trend.runs = trendRuns(ordered, store.machines());
  trend.markers = markersOf(trend.runs);
  for (TrendSeries& series : loadSeries(store, request, ordered)) {
    SeriesTrend judged = judgeSeries(trend.runs, series);
    trend.series.push_back({std::move(series), std::move(judged)});
  }
  std::sort(trend.series.begin(), trend.series.end(), [](const JudgedSeries& a, const JudgedSeries& b) {
    return std::tuple(rankOf(a.trend), std::string_view(a.series.name)) <
           std::tuple(rankOf(b.trend), std::string_view(b.series.name));
  });
  return trend;
}

}  // namespace leakgate
