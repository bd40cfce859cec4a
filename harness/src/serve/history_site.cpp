#include "serve/history_site.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "gate/report_diff.hpp"
#include "history/commit_line.hpp"
#include "history/history_json.hpp"
#include "html/diff_page.hpp"
#include "html/run_page.hpp"
#include "report/baseline.hpp"
#include "report/hash.hpp"
#include "report/report_json.hpp"
#include "revisions/repository.hpp"
#include "scenario/input_error.hpp"
#include "serve/address.hpp"
#include "serve/overview_page.hpp"
#include "serve/reports_json.hpp"
#include "serve/trend_page.hpp"
#include "serve/values_page.hpp"

namespace leakgate {

namespace {

constexpr std::size_t kListedRuns = 1'000;  // of the API
constexpr std::size_t kComparedRuns = 200;  // that a run's page offers

SiteResponse htmlResponse(std::string text) {
  SiteResponse response;
  response.text = std::move(text);
  response.tag = hashOf({response.text});
  return response;
}

SiteResponse jsonResponse(std::string text) {
  SiteResponse response = htmlResponse(std::move(text));
  response.contentType = "application/json";
  return response;
}

SiteResponse jsonResponse(const nlohmann::ordered_json& json) { return jsonResponse(json.dump(2) + "\n"); }

}  // namespace

SiteResponse errorResponse(int status, const std::string& what, bool json) {
  SiteResponse response;
  if (json) {
    response = jsonResponse(nlohmann::ordered_json{{"error", what}});
  } else {
    PageHead head;
    head.heading = status == 404 ? "There is no such page" : "The history cannot be read now";
    head.title = head.heading;
    head.summary = what;
    head.site = {"/", {{"History", "/"}}, ""};
    PageParts parts;
    response = htmlResponse(pageText(head, parts, ""));
  }
  response.status = status;
  return response;
}

HistorySite::HistorySite(std::unique_ptr<HistoryStore> store, std::string name, SiteOptions options)
    : store_(std::move(store)),
      name_(std::move(name)),
      options_(std::move(options)),
      reports_(options_.reports) {}

std::string HistorySite::state() {
  reports_.refresh();
  return hashOf({std::to_string(store_->totals().runs), reports_.state()});
}

PageSite HistorySite::frame(std::vector<PageLink> trail) { return {"/", std::move(trail), state()}; }

ScenarioTrend HistorySite::trendOf(const std::string& scenario, const std::string& series) {
  return leakgate::trendOf(
      *store_, {scenario, series, options_.looked, firstParentLine(options_.checkout, options_.branch)});
}

std::optional<RunHeader> HistorySite::findRun(const std::string& run) {
  if (run.empty()) return std::nullopt;
  std::vector<RunHeader> found = store_->runs({"", 1, run});
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

RunHeader HistorySite::requireRun(const std::string& run) {
  if (auto found = findRun(run)) return *std::move(found);
  throw InputError(name_, "", "no run of \"" + run + "\"", "the 16 digits of a run of this history");
}

const KeptReport& HistorySite::requireReport(const std::string& report) {
  reports_.refresh();
  if (const KeptReport* kept = reports_.find(report)) return *kept;
  throw InputError("--reports", "", "no report of \"" + report + "\"", "one that is below these folders",
                   "keep the reports of a gate: leakgate gate --reports FOLDER");
}

// Ends at a time limit: the first page of a large history comes soon, judged in part.
void HistorySite::judgeMore(const std::vector<std::string>& scenarios) {
  const std::int64_t runs = store_->totals().runs;
  if (runs != judgedRuns_) judged_.clear();
  judgedRuns_ = runs;
  const auto end = std::chrono::steady_clock::now() + options_.judging;
  for (const std::string& scenario : scenarios) {
    if (judged_.contains(scenario)) continue;
    ScenarioTrend trend = trendOf(scenario, "");
    for (JudgedSeries& judged : trend.series) {
      judged.series.values.clear();
      judged.series.kinds.clear();
    }
    judged_.emplace(scenario, std::move(trend));
    if (std::chrono::steady_clock::now() >= end) return;
  }
}

SiteResponse HistorySite::overview() {
  const std::vector<std::string> scenarios = store_->scenarios();
  judgeMore(scenarios);
  const PageSite site = frame({});
  Overview overview{
      name_,           store_->totals(),  {}, store_->runs({"", kMaxOverviewRows}), store_->machines(),
      reports_.list(), reports_.leftOut()};
  for (const std::string& scenario : scenarios) {
    const auto judged = judged_.find(scenario);
    overview.scenarios.push_back({scenario, judged == judged_.end() ? nullptr : &judged->second});
  }
  SiteResponse response = htmlResponse(overviewPage(overview, site));
  response.unfinished = judged_.size() < scenarios.size();
  return response;
}

SiteResponse HistorySite::trend(const std::string& scenario, const std::string& series) {
  std::vector<PageLink> trail{{"History", "/"}};
  if (!series.empty()) trail.push_back({scenario, trendAddress(scenario)});
  return htmlResponse(trendPage(trendOf(scenario, series), series, frame(std::move(trail))));
}

SiteResponse HistorySite::run(const std::string& run) {
  const RunHeader header = requireRun(run);
  RunPageInput input{store_->whole(header), store_->runs({header.scenario, kComparedRuns}), false};
  std::erase_if(input.others, [&](const RunHeader& other) { return other.id == header.id; });
  const PageSite site = frame({{"History", "/"}, {header.scenario, trendAddress(header.scenario)}});
  input.hasReport = reports_.find(run) != nullptr;
  return htmlResponse(valuesPage(input, site));
}

std::optional<SiteResponse> HistorySite::reportDiff(const std::string& before, const std::string& after) {
  reports_.refresh();
  const KeptReport* const base = reports_.find(before);
  const KeptReport* const now = reports_.find(after);
  if (base == nullptr || now == nullptr || base->end != RunEnd::whole || now->end != RunEnd::whole)
    return std::nullopt;
  const Report older = readReport(base->file);
  const Report newer = readReport(now->file);
  if (workloadHashOf(older.scenario) != workloadHashOf(newer.scenario)) return std::nullopt;
  PageContext context{options_.readSource};
  context.site = {"/", {{"History", "/"}, {newer.scenario.name, trendAddress(newer.scenario.name)}}, ""};
  return htmlResponse(diffPage(diffReports(older, newer), older, newer, context));
}

SiteResponse HistorySite::diff(const std::string& before, const std::string& after) {
  if (auto response = reportDiff(before, after)) return *std::move(response);
  const HistoryRun older = store_->whole(requireRun(before));
  const HistoryRun newer = store_->whole(requireRun(after));
  const PageSite site{"/", {{"History", "/"}, {newer.scenario, trendAddress(newer.scenario)}}, ""};
  return htmlResponse(valuesDiffPage(older, newer, site));
}

SiteResponse HistorySite::report(const std::string& report) {
  const Report read = readReport(requireReport(report).file);
  PageContext context{options_.readSource};
  context.site = {"/", {{"History", "/"}}, ""};
  if (findRun(report)) {
    context.site.trail.push_back({read.scenario.name, trendAddress(read.scenario.name)});
    context.site.trail.push_back({"Run", runAddress(report)});
  }
  return htmlResponse(runPage(read, context));
}

SiteResponse HistorySite::stateJson() {
  const std::string now = state();
  SiteResponse response = jsonResponse(nlohmann::ordered_json{{"schema", kHistorySchema}, {"state", now}});
  response.tag = now;
  return response;
}

SiteResponse HistorySite::runsJson(const std::string& scenario) {
  return jsonResponse(listJson(store_->totals(), store_->runs({scenario, kListedRuns}), store_->machines()));
}

SiteResponse HistorySite::runJson(const std::string& run) {
  return jsonResponse(leakgate::runsJson({store_->whole(requireRun(run))}));
}

SiteResponse HistorySite::trendJson(const std::string& scenario, const std::string& series) {
  return jsonResponse(trendsJson({trendOf(scenario, series)}));
}

SiteResponse HistorySite::reportsJson() {
  reports_.refresh();
  return jsonResponse(leakgate::reportsJson(reports_.list()));
}

SiteResponse HistorySite::reportJson(const std::string& report) {
  return jsonResponse(toText(toJson(readReport(requireReport(report).file))));
}

}  // namespace leakgate
