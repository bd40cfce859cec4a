// leakgate accept: a report becomes the baseline.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands.hpp"
#include "cli/places.hpp"
#include "gate/judge.hpp"
#include "report/atomic_file.hpp"
#include "report/baseline.hpp"
#include "report/report_json.hpp"
#include "scenario/input_error.hpp"

namespace leakgate {

namespace {

struct AcceptArguments {
  std::vector<std::string> reports;
  bool all = false;
  bool force = false;
  std::string reportsDirectory = kReportsDirectory;
  std::string baselinesDirectory = kBaselinesDirectory;
};

constexpr const char* kHelp =
    "Takes what the gate measured as the new baseline, for later runs to be compared with. A baseline holds "
    "the exact\n"
    "metrics and known findings only, so that its diff in a review shows what changed.\n\n"
    "Example, after looking at the report of a change that was wanted:\n"
    "  leakgate accept context_churn && git diff reports/baselines\n"
    "Example, first baselines of a new repository:\n"
    "  leakgate gate; leakgate accept --all\n\n"
    "A report that fails by itself (a leak, a broken budget) is refused without --force; one that could not "
    "be measured\n"
    "always. Nothing is written unless all reports can be accepted.\n"
    "Exit codes: 0 accepted; 1 refused; 2 wrong usage or bad file.";

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

// By itself: that it is worse than the old baseline is what accept is for.
bool acceptable(const Report& report, const std::string& file, bool force) {
  const Verdict verdict = judge(report, nullptr);
  if (verdict.outcome == Outcome::pass || (force && verdict.outcome == Outcome::fail)) return true;
  fmt::print(stderr, "{}: refused: {}\n", file, verdict.failures.front().text);
  const bool failed = verdict.outcome == Outcome::fail;
  fmt::print(stderr, "  {}\n",
             failed ? "fix it, or raise its budget in the scenario (--force writes the baseline, but the "
                      "gate goes on failing)"
                    : "measure it again: leakgate gate");
  return false;
}

Outcome accept(const AcceptArguments& arguments) {
  std::vector<Report> reports;
  bool allAcceptable = true;
  for (const auto& file : filesOf(arguments)) {
    reports.push_back(readReport(file));
    allAcceptable = acceptable(reports.back(), file.string(), arguments.force) && allAcceptable;
  }
  if (!allAcceptable) return Outcome::fail;
  for (const auto& report : reports) {
    const auto file = jsonFileOf(arguments.baselinesDirectory, report.scenario.name);
    writeAtomically(file, toText(reduce(report)));
    fmt::print("{}\n", file.string());
  }
  return Outcome::pass;
}

}  // namespace

Action addAcceptCommand(CLI::App& app) {
  auto arguments = std::make_shared<AcceptArguments>();
  CLI::App& command = *app.add_subcommand("accept", "Take reports as the new baselines");
  command.footer(kHelp);
  command.add_option("REPORT", arguments->reports, "report files, or names of scenarios in --reports");
  command.add_flag("--all", arguments->all, "every report in --reports");
  command.add_flag("--force", arguments->force, "also reports that fail");
  command.add_option("--reports", arguments->reportsDirectory, "folder of the reports")
      ->capture_default_str();
  command.add_option("--baselines", arguments->baselinesDirectory, "folder of the baselines")
      ->capture_default_str();
  return [arguments] { return accept(*arguments); };
}

}  // namespace leakgate
