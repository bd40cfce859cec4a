// leakgate accept: makes a report the new baseline.
#include <fmt/core.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "analysis/metrics.hpp"
#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/option_checks.hpp"
#include "cli/progress_line.hpp"
#include "cli/standard_streams.hpp"
#include "gate/judge.hpp"
#include "report/atomic_file.hpp"
#include "report/baseline.hpp"
#include "report/finding_text.hpp"
#include "report/report_json.hpp"
#include "scenario/input_error.hpp"
#include "session/accept_runs.hpp"
#include "session/accepted_baseline.hpp"
#include "session/measure.hpp"
#include "session/named_files.hpp"

namespace leakgate {

namespace {

constexpr std::size_t kMaxReasonBytes = 200;

struct AcceptArguments {
  std::vector<std::string> reports;
  bool all = false;
  bool force = false;
  unsigned repeats = kAcceptRepeats;
  std::string reason;
  std::string reportsDirectory = kReportsDirectory;
  std::string baselinesDirectory = kBaselinesDirectory;
};

constexpr const char* kAcceptHelp =
    "Takes what the gate measured as the new baseline, for later runs to be compared with. A baseline holds "
    "the counts and known findings only, so that its diff in a review shows what changed.\n\n"
    "Each scenario is measured five times more first, twice of them with all cores busy: a count that is the "
    "same each time is exact and compares without tolerance; one that is not is a spread, and compares with "
    "its range. --repeats 0 takes the reports as they are.\n\n"
    "Example, after looking at the report of a change that was wanted:\n"
    "  leakgate accept context_churn && git diff reports/baselines\n"
    "Example, first baselines of a new repository:\n"
    "  leakgate gate; leakgate accept --all\n\n"
    "A count that would be looser than in the baseline that is there needs --reason TEXT, which stands in the\n"
    "baseline's log with date and commit; without it accept lists what would be looser, and refuses:\n"
    "  leakgate accept json_echo --reason 'echoes through a buffer of its own'\n\n"
    "Where another compiler or libc has other counts of the same committed source, a baseline of its own is written\n"
    "beside (NAME@TOOLCHAIN.json); the gate chooses by the toolchain of the run.\n\n"
    "A report that fails by itself (a leak, a broken budget) is refused without --force; one that could not "
    "be measured, or only in part, always. Nothing is written unless all reports can be accepted.\n"
    "Exit codes: 0 accepted; 1 refused; 2 wrong usage or bad file; 3 could not measure again.";

std::vector<std::filesystem::path> filesOf(const AcceptArguments& arguments) {
  if (arguments.all == !arguments.reports.empty()) {
    throw InputError("accept: name the reports, or say --all: leakgate accept context_churn");
  }
  if (arguments.all) return jsonFilesIn(arguments.reportsDirectory, "reports");
  std::vector<std::filesystem::path> files;
  for (const auto& report : arguments.reports)
    files.push_back(fileOrName(report, arguments.reportsDirectory));
  return files;
}

// A count beyond its budget in all runs. Times are left to the gate.
const Reason* brokenBudget(const Report& report, const Verdict& verdict) {
  for (const auto& suspect : verdict.suspects) {
    const Metric* metric = findMetric(report.metrics, suspect.subject);
    if (metric != nullptr && metric->kind != MetricKind::sampled) return &suspect;
  }
  return nullptr;
}

void refuse(const std::string& file, const std::string& why, const std::string& fix) {
  printError("{}: refused: {}\n  {}\n", file, why, fix);
}

// Judged without the old baseline: being worse than that is the purpose of accept.
bool acceptable(const Report& report, const std::string& file, bool force) {
  if (report.end != RunEnd::whole) {
    refuse(file, "the report is partial, so its counts are of fewer requests: " + report.endReason,
           "measure it again: leakgate gate");
    return false;
  }
  const Verdict verdict = judge(report, nullptr);
  const Reason* broken = brokenBudget(report, verdict);
  if (verdict.outcome == Outcome::pass && broken == nullptr) return true;
  if (force && (verdict.outcome == Outcome::pass || verdict.outcome == Outcome::fail)) return true;
  if (verdict.outcome == Outcome::timesOnly) {
    refuse(file, verdict.notes.front(), "a baseline is made of counts: measure with the shim");
    return false;
  }
  const std::string why = verdict.failures.empty() ? broken->text : verdict.failures.front().text;
  const bool measured = verdict.outcome == Outcome::fail || verdict.outcome == Outcome::pass;
  refuse(file, why,
         measured ? "fix it, or raise its budget in the scenario (--force writes the baseline, but the "
                    "gate goes on failing)"
                  : "measure it again: leakgate gate");
  return false;
}

// Whether the runs were of the report's target.
bool repeatRuns(std::vector<Report>& reports, const std::vector<std::filesystem::path>& files,
                unsigned repeats) {
  if (repeats == 0) return true;
  const InterruptWatch interrupt;
  ProgressLine progress(ProgressLine::modeFor(STDERR_FILENO));
  const Measurer measurer;
  bool same = true;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    progress.setSubject(fmt::format("{} ({} of {})", reports[i].scenario.name, i + 1, reports.size()));
    const std::string other = measureAgain(reports[i], repeats, measurer, interrupt.token(), progress);
    if (other.empty()) continue;
    refuse(files[i].string(), other,
           "measure it again: leakgate gate " + reports[i].scenario.name +
               ", or take the report as it is: leakgate accept --repeats 0");
    same = false;
  }
  return same;
}

// The counts that are not exact, for people.
std::string spreadText(const Baseline& baseline) {
  std::string text;
  for (const auto& metric : baseline.metrics) {
    if (metric.spread && metric.spread->low != metric.spread->high)
      text += "  " + metric.name + " varies: " + asValue(metric) + "\n";
  }
  return text;
}

std::string loosenedText(const AcceptedBaseline& accepted) {
  std::string text;
  for (const auto& loosening : accepted.loosened)
    text += fmt::format("  looser: {}: {}, was {}\n", loosening.subject, loosening.to, loosening.from);
  return text;
}

// Whether every loosening has a reason.
bool explained(const std::vector<AcceptedBaseline>& accepted, const AcceptArguments& arguments) {
  bool all = true;
  for (const auto& one : accepted) {
    if (one.loosened.empty() || !arguments.reason.empty()) continue;
    printError("{}: refused: it would be looser than before, and no reason is given\n{}", one.file.string(),
               loosenedText(one));
    all = false;
  }
  if (!all) printError("  say why, for the baseline's log: --reason TEXT\n");
  return all;
}

std::vector<AcceptedBaseline> baselinesOf(const std::vector<Report>& reports,
                                          const AcceptArguments& arguments) {
  std::vector<AcceptedBaseline> accepted;
  for (const auto& report : reports)
    accepted.push_back(acceptedBaseline(report, arguments.baselinesDirectory));
  return accepted;
}

void writeBaseline(AcceptedBaseline& accepted, const AcceptArguments& arguments) {
  // A reason that is given for named reports is kept, also of a budget or a step, which no baseline holds.
  const bool logs = !accepted.loosened.empty() || !arguments.all;
  if (logs && !arguments.reason.empty()) logReason(accepted, arguments.reason);
  writeAtomically(accepted.file, toText(accepted.baseline));
  printOutput("{}\n{}{}{}", accepted.file.string(),
              accepted.keyed
                  ? "  for this compiler and libc alone: the same source has other counts with another\n"
                  : "",
              loosenedText(accepted), spreadText(accepted.baseline));
}

Outcome accept(const AcceptArguments& arguments) {
  const auto files = filesOf(arguments);
  std::vector<Report> reports;
  bool allAcceptable = true;
  for (const auto& file : files) {
    reports.push_back(readReport(file));
    allAcceptable = acceptable(reports.back(), file.string(), arguments.force) && allAcceptable;
  }
  if (!allAcceptable || !repeatRuns(reports, files, arguments.repeats)) return Outcome::fail;
  auto accepted = baselinesOf(reports, arguments);
  if (!explained(accepted, arguments)) return Outcome::fail;
  for (auto& one : accepted) writeBaseline(one, arguments);
  return Outcome::pass;
}

}  // namespace

Action addAcceptCommand(CLI::App& app) {
  auto arguments = std::make_shared<AcceptArguments>();
  CLI::App& command = *app.add_subcommand("accept", "Take reports as the new baselines");
  command.footer(kAcceptHelp);
  command.add_option("REPORT", arguments->reports, "report files, or names of scenarios in --reports");
  command.add_flag("--all", arguments->all, "every report in --reports");
  command
      .add_option("--repeats", arguments->repeats,
                  "runs more of each scenario, to tell exact counts from spreads; 0: none")
      ->check(CLI::Range(0U, 100U))
      ->capture_default_str();
  command.add_option("--reason", arguments->reason, "why a baseline is looser than before, in one line")
      ->check(oneLine("a reason", kMaxReasonBytes));
  command.add_flag("--force", arguments->force, "also reports that fail");
  command.add_option("--reports", arguments->reportsDirectory, "folder of the reports")
      ->capture_default_str();
  command.add_option("--baselines", arguments->baselinesDirectory, "folder of the baselines")
      ->capture_default_str();
  return [arguments] { return accept(*arguments); };
}

}  // namespace leakgate
