// leakgate diff: shows what changed between two reports of one scenario, or two folders of them.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <iterator>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/standard_streams.hpp"
#include "cli/terminal_text.hpp"
#include "gate/diff_text.hpp"
#include "html/diff_page.hpp"
#include "report/report_json.hpp"
#include "scenario/input_error.hpp"

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
    "  leakgate diff before.html after.html --format html     # pages are read like reports\n\n"
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

// The reports of a folder, by file name.
std::set<std::string> reportsIn(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".json") names.insert(entry.path().filename().string());
  return names;
}

std::vector<std::string> without(const std::set<std::string>& all, const std::set<std::string>& others) {
  std::vector<std::string> rest;
  std::set_difference(all.begin(), all.end(), others.begin(), others.end(), std::back_inserter(rest));
  return rest;
}

std::string listed(const std::vector<std::string>& names, const std::string& folder) {
  std::string text;
  for (const std::string& name : names) text += "only in " + folder + ": " + name + "\n";
  return text;
}

Outcome diffFolders(const DiffArguments& arguments) {
  if (arguments.format == "html") {
    throw InputError("--format", "", "html for two folders", "two reports",
                     "compare the reports of one scenario: leakgate diff --format html OLD.json NEW.json");
  }
  const std::set<std::string> before = reportsIn(arguments.base);
  const std::set<std::string> after = reportsIn(arguments.now);
  const std::vector<std::string> gone = without(before, after);
  const std::vector<std::string> added = without(after, before);
  if (gone.size() == before.size()) {
    throw InputError(arguments.now, "", "no report that " + arguments.base + " has, too",
                     "reports of the same scenarios, NAME.json in both folders",
                     "keep a gate's reports with leakgate gate --reports FOLDER");
  }
  nlohmann::ordered_json json{
      {"scenarios", nlohmann::ordered_json::array()}, {"only_before", gone}, {"only_after", added}};
  const bool markdown = arguments.format == "markdown";
  std::string worse;
  std::string others;
  std::size_t regressed = 0;
  for (const std::string& name : before) {
    if (after.count(name) == 0) continue;
    const FileDiff files({fs::path(arguments.base) / name, fs::path(arguments.now) / name});
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

Outcome diff(DiffArguments arguments) {
  if (arguments.json) arguments.format = "json";
  if (arguments.markdown) arguments.format = "markdown";
  const bool folder = fs::is_directory(arguments.base);
  if (folder != fs::is_directory(arguments.now)) {
    throw InputError(folder ? arguments.now : arguments.base, "", "a file",
                     "a folder of reports, as " + (folder ? arguments.base : arguments.now),
                     "compare two files or two folders");
  }
  return folder ? diffFolders(arguments) : diffFiles(arguments);
}

}  // namespace

Action addDiffCommand(CLI::App& app) {
  auto arguments = std::make_shared<DiffArguments>();
  CLI::App& command = *app.add_subcommand("diff", "Show what changed between two reports");
  command.footer(kDiffHelp);
  command.add_option("BASE", arguments->base, "the older report, or a baseline, or a folder of reports")
      ->required();
  command.add_option("NEW", arguments->now, "the newer report, or a folder of reports")->required();
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
