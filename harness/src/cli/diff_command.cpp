// leakgate diff: shows what changed between two reports of one scenario, or two gates.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/standard_streams.hpp"
#include "cli/terminal_text.hpp"
#include "gate/diff_text.hpp"
#include "html/diff_page.hpp"
#include "report/gate_data.hpp"
#include "report/report_json.hpp"
#include "scenario/input_error.hpp"
#include "session/named_files.hpp"

namespace leakgate {

namespace {

namespace fs = std::filesystem;

struct DiffArguments {
  std::string base;
  std::string now;
  std::string format = "text";
  bool json = false;
  bool markdown = false;
};

constexpr const char* kDiffHelp =
    "Shows what changed between two reports of the same scenario, worst first: findings, counts, and which functions\n"
    "allocate more. A leak whose function was renamed, inlined or moved is not a new one. Counts compare exactly, those that\n"
    "vary from run to run by where repeated runs lay; times, CPU and RSS are shown and never fail a diff: one run each\n"
    "proves nothing.\n\n"
    "Example:\n"
    "  leakgate run scenarios/json_echo.json -o before.json   # on the old commit\n"
    "  leakgate run scenarios/json_echo.json -o after.json    # on the new one\n"
    "  leakgate diff before.json after.json\n"
    "  leakgate diff reports/before reports/latest            # all scenarios of two gates\n"
    "  leakgate diff before.html after.html --format html     # pages are read like reports\n"
    "  leakgate diff 'main.html#login' 'gate.html#login'      # one scenario of two gates' pages\n\n"
    "The target's command may differ (--target old/server, --target new/server); steps and load may not.\n"
    "BASE may also be a baseline (reports/baselines/NAME.json).\n"
    "Exit codes: 0 no regression; 1 a count is worse, or a new finding; 2 bad file.";

void requireSameRequests(const Report& now, const DiffArguments& arguments, const std::string& baseHash,
                         const std::string& baseName, const std::string& baseWorkload) {
  if (baseHash == now.scenario.hash || baseWorkload == workloadHashOf(now.scenario)) return;
  throw InputError(arguments.now, "scenario.hash", now.scenario.hash + " (" + now.scenario.name + ")",
                   baseHash + " (" + baseName + ") as in " + arguments.base,
                   "compare reports of the same steps, requests, connections and seed");
}

// Two files. The reports outlive the diff, which points into them.
struct FileDiff {
  Baseline baseline;
  std::optional<Report> before;
  Report after;
  ReportDiff diff;

  explicit FileDiff(const DiffArguments& arguments)
      : baseline(readBaselineOrReport(arguments.base)), after(readReport(arguments.now)) {
    requireWhole(after, arguments.now);
    requireSameRequests(after, arguments, baseline.scenarioHash, baseline.scenarioName,
                        baseline.workloadHash);
    if (baseline.workloadHash.empty()) {  // a baseline
      diff = diffWithBaseline(baseline, after);
    } else {
      before = readReport(arguments.base);
      diff = diffReports(*before, after);
    }
  }
  FileDiff(const FileDiff&) = delete;
  FileDiff& operator=(const FileDiff&) = delete;

  std::string text(bool markdown) const {
    return markdown ? diffMarkdown(diff, after.scenario.name) : diffText(diff, after.scenario.name);
  }
};

Outcome outcomeOf(bool regressed) { return regressed ? Outcome::fail : Outcome::pass; }

// A baseline has no course and no stacks.
std::string pageOf(const FileDiff& files, const DiffArguments& arguments) {
  if (!files.before) {
    throw InputError(arguments.base, "schema", "a baseline", "a report, for a page",
                     "compare with the report of a run: leakgate run -o FILE");
  }
  return diffPage(files.diff, *files.before, files.after, {sourcesBelow(fs::current_path())});
}

Outcome diffFiles(const DiffArguments& arguments) {
  const FileDiff files(arguments);
  if (arguments.format == "html") {
    writeOutput(pageOf(files, arguments));
  } else if (arguments.format == "json") {
    printOutput("{}\n", diffJson(files.diff, files.after.scenario.name).dump(2));
  } else {
    writeText(files.text(arguments.format == "markdown"));
  }
  return outcomeOf(files.diff.regressed());
}

// "login.json" -> the name by which its report is read.
using ReportSet = std::map<std::string, std::string>;

// Of a folder, or of a gate's page; empty for any other file.
ReportSet reportsIn(const fs::path& set) {
  ReportSet reports;
  if (fs::is_regular_file(set)) {  // a pipe can be read only once
    for (const std::string& name : reportsOfPage(set))
      reports.emplace(jsonFileOf("", name.substr(set.string().size() + 1)).string(), name);
  }
  if (!fs::is_directory(set)) return reports;
  for (const auto& entry : fs::directory_iterator(set))
    if (entry.path().extension() == ".json") reports.emplace(entry.path().filename().string(), entry.path());
  return reports;
}

std::vector<std::string> without(const ReportSet& all, const ReportSet& others) {
  std::vector<std::string> rest;
  for (const auto& [name, report] : all)
    if (!others.contains(name)) rest.push_back(name);
  return rest;
}

std::string listed(const std::vector<std::string>& names, const std::string& set) {
  std::string text;
  for (const std::string& name : names) text += "only in " + set + ": " + name + "\n";
  return text;
}

Outcome diffSets(const DiffArguments& arguments, const ReportSet& before, const ReportSet& after) {
  if (arguments.format == "html") {
    throw InputError("--format", "", "html for two gates", "two reports",
                     "compare the reports of one scenario: leakgate diff --format html OLD.json NEW.json, or "
                     "OLD.html#SCENARIO NEW.html#SCENARIO of pages");
  }
  const std::vector<std::string> gone = without(before, after);
  const std::vector<std::string> added = without(after, before);
  if (gone.size() == before.size()) {
    throw InputError(arguments.now, "", "no report that " + arguments.base + " has, too",
                     "reports of the same scenarios, NAME.json in two folders",
                     "keep a gate's reports with leakgate gate --reports FOLDER");
  }
  nlohmann::ordered_json json{
      {"scenarios", nlohmann::ordered_json::array()}, {"only_before", gone}, {"only_after", added}};
  const bool markdown = arguments.format == "markdown";
  std::string worse;
  std::string others;
  std::size_t regressed = 0;
  for (const auto& [name, base] : before) {
    const auto now = after.find(name);
    if (now == after.end()) continue;
    const FileDiff files({base, now->second});
    if (files.diff.regressed()) ++regressed;
    (files.diff.regressed() ? worse : others) += files.text(markdown) + "\n";
    json["scenarios"].push_back(diffJson(files.diff, files.after.scenario.name));
  }
  if (arguments.format == "json") {
    printOutput("{}\n", json.dump(2));
  } else {
    writeText(fmt::format("{}{} of {} scenarios are worse than before\n\n{}{}{}{}", markdown ? "## " : "",
                          regressed, before.size() - gone.size(), worse, others, listed(gone, arguments.base),
                          listed(added, arguments.now)));
  }
  return outcomeOf(regressed != 0);
}

bool isReportSet(const std::string& named, const ReportSet& reports) {
  return fs::is_directory(named) || !reports.empty();
}

Outcome diff(DiffArguments arguments) {
  if (arguments.json) arguments.format = "json";
  if (arguments.markdown) arguments.format = "markdown";
  const ReportSet before = reportsIn(arguments.base);
  const ReportSet after = reportsIn(arguments.now);
  const bool isSet = isReportSet(arguments.base, before);
  if (isSet != isReportSet(arguments.now, after)) {
    throw InputError(isSet ? arguments.now : arguments.base, "", "a file of one report",
                     "a folder of reports, or a gate's page, as " + (isSet ? arguments.base : arguments.now),
                     "compare two reports or two gates");
  }
  return isSet ? diffSets(arguments, before, after) : diffFiles(arguments);
}

}  // namespace

Action addDiffCommand(CLI::App& app) {
  auto arguments = std::make_shared<DiffArguments>();
  CLI::App& command = *app.add_subcommand("diff", "Show what changed between two reports");
  command.footer(kDiffHelp);
  command
      .add_option("BASE", arguments->base,
                  "the older report, or a baseline, or a folder or a gate's page of reports")
      ->required();
  command.add_option("NEW", arguments->now, "the newer report, or a folder or a gate's page of reports")
      ->required();
  auto* format = command
                     .add_option("--format", arguments->format,
                                 "text, or markdown for a pull request, or json, or html: a page")
                     ->check(CLI::IsMember({"text", "markdown", "json", "html"}))
                     ->capture_default_str();
  auto* json = command.add_flag("--json", arguments->json, "--format json")->excludes(format);
  command.add_flag("--markdown", arguments->markdown, "--format markdown")->excludes(json)->excludes(format);
  return [arguments] { return diff(*arguments); };
}

}  // namespace leakgate
