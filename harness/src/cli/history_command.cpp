// leakgate history: keeps the numbers of each run, and says since which commit one of them changed.
#include <fmt/core.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/history_option.hpp"
#include "cli/option_checks.hpp"
#include "cli/progress_line.hpp"
#include "cli/standard_streams.hpp"
#include "cli/terminal_text.hpp"
#include "history/commit_line.hpp"
#include "history/history_json.hpp"
#include "history/history_store.hpp"
#include "history/history_text.hpp"
#include "report/baseline.hpp"
#include "report/report_json.hpp"
#include "scenario/input_error.hpp"
#include "session/named_files.hpp"

namespace leakgate {

namespace {

constexpr std::size_t kMaxListedRuns = 1'000'000;
constexpr std::size_t kRunsATransaction = 200;
constexpr std::size_t kMinPrefix = 4;  // digits of a run or a commit

struct HistoryArguments {
  std::string history = kDefaultHistory;
  bool json = false;
  std::vector<std::string> reports;  // add
  std::string run;                   // show
  std::string from;                  // import
  std::string scenario;              // list, trend
  std::string series;                // trend
  std::string branch = "HEAD";
  std::size_t listed = 20;
  std::size_t looked = 200;
  bool all = false;
};

constexpr const char* kHistoryHelp =
    "Keeps the numbers of each run with its commit and its machine, and says since which commit a number changed.\n\n"
    "Example:\n"
    "  scripts/gate && leakgate history add reports/latest    # after each gate\n"
    "  leakgate history trend                                 # what changed, and since when\n"
    "  leakgate history trend login_flow step.login.p50_ns    # one number, drawn\n\n"
    "The history is an SQLite file, or for several machines a PostgreSQL server:\n"
    "  leakgate history add reports/latest --history postgresql://ci@db.example.org/leakgate\n"
    "LEAKGATE_HISTORY names it as well. harness/doc/history.md says more.\n\n"
    "Exit codes: 0 done; 2 wrong usage or bad file; 3 the database could not be reached or written: nothing was added.";

constexpr const char* kAddHelp =
    "Adds the reports of whole runs: all of them, or none. What is there already is not added again. Parents and time of "
    "each commit are asked of git, in the current folder.\n\n"
    "Kept are metrics that have a better direction or a budget, the latencies of each step, what each finding grows by, "
    "and what each place allocates per request: some 60 values a run, about 20 bytes each in SQLite.\n\n"
    "Example:\n"
    "  leakgate history add reports/latest\n"
    "  leakgate history add before.json after.json";

constexpr const char* kTrendHelp =
    "Shows what changed, worst first, and the commits between which it did.\n\n"
    "A count that is exact changes when one run says so. What is sampled (times, CPU, resident memory) changes when a "
    "permutation test finds two levels of five runs or more at p <= 0.001; until then it is undecided, with the runs that "
    "it takes. Runs on another machine, compiler or workload are judged apart, and marked.\n\n"
    "The order is that of the branch's first parents in git; without git, that of the commits' times.\n\n"
    "Example:\n"
    "  leakgate history trend                       # all scenarios\n"
    "  leakgate history trend login_flow            # one\n"
    "  leakgate history trend login_flow step.login # series of this name, drawn";

struct ReadRuns {
  std::vector<HistoryRun> runs;
  bool allKnown = true;  ///< whether git has every commit here
};

// The reports of files and folders.
ReadRuns readRuns(const std::vector<std::string>& names) {
  std::vector<std::filesystem::path> files;
  for (const std::string& name : names) {
    if (!std::filesystem::is_directory(name)) {
      files.emplace_back(name);
      continue;
    }
    const auto inFolder = jsonFilesIn(name, "reports");
    files.insert(files.end(), inFolder.begin(), inFolder.end());
  }
  std::map<std::string, CommitInfo> commits;
  ReadRuns read;
  for (const auto& file : files) {
    const Report report = readReport(file);
    requireWhole(report, file.string());
    const std::string& hash = report.environment.commit;
    const auto known = commits.find(hash);
    const CommitInfo commit =
        known != commits.end() ? known->second : (commits[hash] = describeCommit(".", hash));
    read.allKnown = read.allKnown && commit.time != 0;
    read.runs.push_back(historyRunOf(report, commit, file.string()));
  }
  return read;
}

Outcome addReports(const HistoryArguments& arguments) {
  const auto [runs, allKnown] = readRuns(arguments.reports);
  const auto store = openHistory(arguments.history, Missing::create);
  const std::size_t added = store->add(runs);
  const HistoryTotals totals = store->totals();
  if (arguments.json) {
    nlohmann::ordered_json json = listJson(totals, {}, {});
    json["added"] = added;
    json["there_already"] = runs.size() - added;
    printOutput("{}\n", json.dump(2));
    return Outcome::pass;
  }
  printOutput("{}: added {} of {} runs{}\n", shownHistory(arguments.history), added, runs.size(),
              added == runs.size() ? "" : "; the others were there already");
  if (!allKnown) printOutput("some commits are not in this repository: they are ordered by time\n");
  printOutput("{}", totalsText(totals));
  return Outcome::pass;
}

Outcome listRuns(const HistoryArguments& arguments) {
  const auto store = openHistory(arguments.history, Missing::refuse);
  const auto runs = store->runs({arguments.scenario, arguments.listed});
  if (arguments.json) {
    printOutput("{}\n", listJson(store->totals(), runs, store->machines()).dump(2));
  } else {
    writeText(listText(store->totals(), runs, store->machines()));
  }
  return Outcome::pass;
}

Outcome showRuns(const HistoryArguments& arguments) {
  const auto store = openHistory(arguments.history, Missing::refuse);
  std::vector<HistoryRun> shown;
  for (const RunHeader& run : store->runs({})) {
    const bool named =
        run.identity.rfind(arguments.run, 0) == 0 || run.commit.hash.rfind(arguments.run, 0) == 0;
    if (named && arguments.run.size() >= kMinPrefix) shown.push_back(store->whole(run));
  }
  if (shown.empty()) {
    throw InputError(shownHistory(arguments.history), "", "no run of \"" + arguments.run + "\"",
                     fmt::format("the first {} digits or more of a run or a commit", kMinPrefix),
                     "leakgate history list shows them");
  }
  if (arguments.json) {
    printOutput("{}\n", runsJson(shown).dump(2));
    return Outcome::pass;
  }
  std::string text;
  for (const HistoryRun& run : shown) text += (text.empty() ? "" : "\n") + runText(run);
  writeText(text);
  return Outcome::pass;
}

Outcome showTrend(const HistoryArguments& arguments) {
  const auto store = openHistory(arguments.history, Missing::refuse);
  TrendRequest request{arguments.scenario, arguments.series, arguments.looked,
                       firstParentLine(".", arguments.branch)};
  std::vector<std::string> scenarios{arguments.scenario};
  if (arguments.scenario.empty()) scenarios = store->scenarios();
  std::vector<ScenarioTrend> trends;
  for (const std::string& scenario : scenarios) {
    request.scenario = scenario;
    trends.push_back(trendOf(*store, request));
  }
  if (arguments.json) {
    printOutput("{}\n", trendsJson(trends).dump(2));
    return Outcome::pass;
  }
  std::string text;
  for (const ScenarioTrend& trend : trends) {
    text += (text.empty() ? "" : "\n") +
            trendText(trend, {charsetOfLocale(), arguments.all, !arguments.series.empty()});
  }
  writeText(text);
  return Outcome::pass;
}

Outcome importHistory(const HistoryArguments& arguments) {
  const auto from = openHistory(arguments.from, Missing::refuse);
  const auto to = openHistory(arguments.history, Missing::create);
  std::vector<RunHeader> headers = from->runs({});
  std::reverse(headers.begin(), headers.end());
  ProgressLine progress(arguments.json ? ProgressLine::Mode::silent : ProgressLine::modeFor(STDERR_FILENO));
  progress.started("import runs", headers.size());
  std::size_t added = 0;
  for (std::size_t first = 0; first < headers.size(); first += kRunsATransaction) {
    std::vector<HistoryRun> runs;
    for (std::size_t i = first; i < std::min(headers.size(), first + kRunsATransaction); ++i)
      runs.push_back(from->whole(headers[i]));
    added += to->add(runs);
    progress.advanced(first + runs.size());
  }
  progress.finished("import runs");
  if (arguments.json) {
    printOutput("{}\n",
                nlohmann::ordered_json{
                    {"schema", kHistorySchema}, {"added", added}, {"there_already", headers.size() - added}}
                    .dump(2));
  } else {
    printOutput("{}: added {} of {} runs of {}{}\n", shownHistory(arguments.history), added, headers.size(),
                shownHistory(arguments.from),
                added == headers.size() ? "" : "; the others were there already");
  }
  return Outcome::pass;
}

CLI::App& addSubcommand(CLI::App& command, const char* name, const char* description,
                        const std::shared_ptr<HistoryArguments>& arguments) {
  CLI::App& sub = *command.add_subcommand(name, description);
  sub.fallthrough();
  sub.add_flag("--json", arguments->json, "print JSON (reports/schema/history-1.schema.json)");
  return sub;
}

void addTrendArguments(CLI::App& sub, const std::shared_ptr<HistoryArguments>& arguments) {
  sub.footer(kTrendHelp);
  sub.add_option("SCENARIO", arguments->scenario, "the scenario; all without it");
  sub.add_option("SERIES", arguments->series, "part of a series' name or place: draw these");
  addTrendOptions(sub, arguments->looked, arguments->branch);
  sub.add_flag("--all", arguments->all, "also the series that did not change");
}

}  // namespace

Action addHistoryCommand(CLI::App& app) {
  auto arguments = std::make_shared<HistoryArguments>();
  CLI::App& command =
      *app.add_subcommand("history", "Keep runs, and show since which commit a number changed");
  command.footer(kHistoryHelp);
  command.require_subcommand(1);
  addHistoryOption(command, arguments->history);
  CLI::App& add = addSubcommand(command, "add", "Add the reports of runs", arguments);
  add.footer(kAddHelp);
  add.add_option("REPORT", arguments->reports, "reports, or folders of them")->required();
  CLI::App& list = addSubcommand(command, "list", "List the newest runs, and how much there is", arguments);
  list.add_option("--scenario", arguments->scenario, "only of this scenario");
  list.add_option("--last", arguments->listed, "list so many")
      ->check(wholeNumber(1, kMaxListedRuns))
      ->capture_default_str();
  CLI::App& show =
      addSubcommand(command, "show", "Show all values of a run, or of a commit's runs", arguments);
  show.add_option("RUN", arguments->run, "the start of a run's or a commit's hash")->required();
  CLI::App& trend = addSubcommand(command, "trend", "Show what changed, and since which commit", arguments);
  addTrendArguments(trend, arguments);
  CLI::App& import =
      addSubcommand(command, "import", "Copy all runs of another history into this one", arguments);
  import.add_option("FROM", arguments->from, "an SQLite file or a URL")->required();
  return [arguments, &add, &list, &show, &trend] {
    if (add.parsed()) return addReports(*arguments);
    if (list.parsed()) return listRuns(*arguments);
    if (show.parsed()) return showRuns(*arguments);
    if (trend.parsed()) return showTrend(*arguments);
    return importHistory(*arguments);
  };
}

}  // namespace leakgate
