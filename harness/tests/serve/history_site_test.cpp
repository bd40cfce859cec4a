// history_site.cpp and reports_json.cpp, on an SQLite history.
#include "serve/history_site.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "history/history_run.hpp"
#include "report/report_json.hpp"
#include "report/schema_error.hpp"
#include "sample_trend.hpp"
#include "scenario/input_error.hpp"
#include "session/workspace.hpp"

using namespace leakgate;
using namespace leakgate::test;

namespace {

constexpr std::chrono::hours kLong{1};

struct Site {
  explicit Site(std::chrono::milliseconds judging = kLong)
      : store(open()),
        site(std::make_unique<HistoryStore>(open()), "history.db",
             {{workspace.file("reports")}, workspace.file(""), "HEAD", 200, {}, judging}) {}

  std::unique_ptr<Database> open() const {
    return openDatabase(workspace.file("history.db").string(), Missing::create, {});
  }

  /// Adds the run, and keeps its report. Returns the identity.
  std::string add(Report report, const std::string& commit, int minute) {
    report.environment.commit = commit;
    report.startedAt = "2026-11-30T05:0" + std::to_string(minute) + ":00Z";
    const HistoryRun run = historyRunOf(report, {}, "");
    store.add(run);
    writeAtomically(fileOf(commit), toText(toJson(report)));
    return run.identity;
  }

  std::filesystem::path fileOf(const std::string& commit) const {
    return workspace.file("reports/" + commit + ".json");
  }

  Workspace workspace;
  HistoryStore store;
  HistorySite site;
};

std::string errorOf(const std::function<void()>& work) {
  try {
    work();
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

nlohmann::json documentOf(const SiteResponse& response) {
  CHECK(response.contentType == "application/json");
  return nlohmann::json::parse(response.text);
}

}  // namespace

TEST_CASE("a run that is added later is on the next overview, and the state is another") {
  Site site;
  site.add(cleanReport(), "aaaaaaaaaaaa", 1);
  const SiteResponse before = site.site.overview();
  CHECK(flawOfServed(before.text) == "");
  CHECK(holds(before.text, "No number changed"));
  const std::string tag = site.site.stateJson().tag;
  CHECK(holds(before.text, "data-state=\"" + tag + "\""));
  CHECK(site.site.stateJson().tag == tag);
  CHECK(site.site.overview().tag == before.tag);
  site.add(leakyReport(), "bbbbbbbbbbbb", 2);
  CHECK(site.site.stateJson().tag != tag);
  const SiteResponse after = site.site.overview();
  CHECK(after.tag != before.tag);
  CHECK(holds(after.text, "<td class=\"fail\">WORSE</td>"));
  CHECK_FALSE(after.unfinished);
}

TEST_CASE("an overview judges at least one scenario, and is unfinished until all are") {
  Site site(std::chrono::milliseconds(0));
  for (const char* scenario : {"a", "b", "c"}) site.store.add(sampleRun(0, scenario));
  for (const bool unfinished : {true, true, false, false})
    CHECK(site.site.overview().unfinished == unfinished);
  site.store.add(sampleRun(1, "a"));
  CHECK(site.site.overview().unfinished);
}

TEST_CASE("two runs are compared by their reports; without one of them, by their numbers") {
  Site site;
  const std::string before = site.add(cleanReport(), "aaaaaaaaaaaa", 1);
  const std::string after = site.add(leakyReport(), "bbbbbbbbbbbb", 2);
  const SiteResponse whole = site.site.diff(before, after);
  CHECK(flawOfServed(whole.text) == "");
  CHECK(holds(whole.text, "LEAK  h3::Event::setContext"));
  std::filesystem::remove(site.fileOf("aaaaaaaaaaaa"));
  const SiteResponse numbers = site.site.diff(before, after);
  CHECK(flawOfServed(numbers.text) == "");
  CHECK(holds(numbers.text, "The numbers of the history"));
  CHECK(holds(numbers.text, "live_bytes_per_request"));
}

TEST_CASE("a report is a page of the site, as long as its file is there") {
  Site site;
  const std::string run = site.add(leakyReport(), "bbbbbbbbbbbb", 1);
  CHECK(holds(site.site.run(run).text, "href=\"/report?id=" + run + "\""));
  const SiteResponse page = site.site.report(run);
  CHECK(flawOfServed(page.text) == "");
  CHECK(holds(page.text, "<link rel=\"stylesheet\" href=\"/style.css\"/>"));
  CHECK_FALSE(holds(page.text, "<style>"));
  CHECK_FALSE(holds(page.text, "<script>"));
  CHECK(holds(page.text, "<a href=\"/run?id=" + run + "\">Run</a>"));
  std::filesystem::remove(site.fileOf("bbbbbbbbbbbb"));
  CHECK(holds(errorOf([&] { site.site.report(run); }), "--reports: found no report of"));
  CHECK(holds(site.site.run(run).text, "its report is not below a folder"));
}

TEST_CASE("what is not there is named") {
  Site site;
  site.add(cleanReport(), "aaaaaaaaaaaa", 1);
  CHECK(holds(errorOf([&] { site.site.trend("smaple", ""); }), "found no run of \"smaple\""));
  CHECK(holds(errorOf([&] { site.site.trend("sample", "none"); }), "found no series \"none\""));
  CHECK(holds(errorOf([&] { site.site.run("0123456789abcdef"); }), "history.db: found no run of"));
  CHECK(holds(errorOf([&] { site.site.run(""); }), "history.db: found no run of"));
  CHECK(holds(errorOf([&] { site.site.diff("a", "b"); }), "history.db: found no run of \"a\""));
  const SiteResponse page = errorResponse(404, kHostile, false);
  CHECK(page.status == 404);
  CHECK(isHarmless(page.text));
  CHECK(documentOf(errorResponse(503, "gone", true))["error"] == "gone");
}

TEST_CASE("the documents are valid by their schemas") {
  Site site;
  const std::string run = site.add(cleanReport(), "aaaaaaaaaaaa", 1);
  site.add(leakyReport(), "bbbbbbbbbbbb", 2);
  for (const SiteResponse& response : {site.site.stateJson(), site.site.runsJson(""), site.site.runJson(run),
                                       site.site.trendJson("sample", ""), site.site.reportsJson()})
    CHECK(errorIn(documentOf(response), "history-1.schema.json") == "");
  CHECK(errorIn(documentOf(site.site.reportJson(run)), "report-1.schema.json") == "");
  CHECK(documentOf(site.site.runsJson("sample"))["runs"].size() == 2);
  CHECK(documentOf(site.site.runsJson("other"))["runs"].empty());
  CHECK(documentOf(site.site.reportsJson())["reports"].size() == 2);
}
