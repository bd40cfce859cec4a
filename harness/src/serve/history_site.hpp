// The pages and JSON documents of a history, by what is asked for. No sockets: site_server.hpp has them.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "history/history_store.hpp"
#include "history/scenario_trend.hpp"
#include "html/page.hpp"
#include "serve/report_folder.hpp"

namespace leakgate {

struct SiteOptions {
  std::vector<std::filesystem::path> reports;  ///< folders, see ReportFolder
  std::filesystem::path checkout = ".";        ///< whose branch orders the commits
  std::string branch = "HEAD";
  std::size_t looked = 200;      ///< the newest runs that a trend is judged by
  SourceReader readSource = {};  ///< of source lines in reports
  /// How long one overview may judge scenarios, beyond the one that it always judges.
  std::chrono::milliseconds judging{500};
};

/// What is sent.
struct SiteResponse {
  int status = 200;
  std::string contentType = "text/html; charset=utf-8";
  std::string text;
  std::string tag;          ///< the same text has the same one
  bool unfinished = false;  ///< there is more in a moment: ask again
};

/// Only reads. The history is asked each time; trends of the overview are kept until a run is added.
///
/// `run`, `before`, `after`, `report`: identities. Errors of all functions: InputError for what is not there;
/// DatabaseError. Threads: one owner.
class HistorySite {
 public:
  HistorySite(std::unique_ptr<HistoryStore> store, std::string name, SiteOptions options);

  SiteResponse overview();
  SiteResponse trend(const std::string& scenario, const std::string& series);
  SiteResponse run(const std::string& run);

  /// What changed between two reports; without both, between the numbers of two runs.
  SiteResponse diff(const std::string& before, const std::string& after);

  SiteResponse report(const std::string& report);

  /// leakgate.history/1; a report: leakgate.report/1.
  SiteResponse stateJson();
  SiteResponse runsJson(const std::string& scenario);
  SiteResponse runJson(const std::string& run);
  SiteResponse trendJson(const std::string& scenario, const std::string& series);
  SiteResponse reportsJson();
  SiteResponse reportJson(const std::string& report);

 private:
  /// Changes with the runs of the history and with the reports.
  std::string state();

  PageSite frame(std::vector<PageLink> trail);
  ScenarioTrend trendOf(const std::string& scenario, const std::string& series);
  std::optional<RunHeader> findRun(const std::string& run);
  RunHeader requireRun(const std::string& run);
  const KeptReport& requireReport(const std::string& report);
  std::optional<SiteResponse> reportDiff(const std::string& before, const std::string& after);
  void judgeMore(const std::vector<std::string>& scenarios);

  std::unique_ptr<HistoryStore> store_;
  std::string name_;
  SiteOptions options_;
  ReportFolder reports_;
  std::map<std::string, ScenarioTrend> judged_;  ///< without the values of the series
  std::int64_t judgedRuns_ = 0;                  ///< how many runs there were
};

/// A page, or a JSON document if `json`, for what could not be sent.
SiteResponse errorResponse(int status, const std::string& what, bool json);

}  // namespace leakgate
