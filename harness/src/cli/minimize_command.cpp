// leakgate minimize: finds the smallest request that leaks.
#include <fmt/core.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <memory>
#include <sstream>

#include "analysis/finding_kind.hpp"
#include "analysis/growth_words.hpp"
#include "cli/commands.hpp"
#include "cli/curl_command.hpp"
#include "cli/interrupt.hpp"
#include "cli/option_checks.hpp"
#include "cli/progress_line.hpp"
#include "cli/reproduction.hpp"
#include "cli/standard_streams.hpp"
#include "report/atomic_file.hpp"
#include "report/finding_text.hpp"
#include "report/report_json.hpp"
#include "scenario/command_words.hpp"
#include "scenario/input_error.hpp"
#include "scenario/write.hpp"
#include "session/installation.hpp"
#include "session/measure.hpp"
#include "session/minimize_run.hpp"
#include "session/named_files.hpp"

namespace leakgate {

namespace {

using Clock = std::chrono::steady_clock;

struct MinimizeArguments {
  std::string report;
  std::string output;
  std::string target;
  std::size_t finding = 0;  ///< from 1; 0: the largest
  unsigned maxRuns = 300;
  unsigned seconds = 120;
};

constexpr const char* kMinimizeHelp =
    "Takes the scenario out of a report that fails, confirms the leak with one run, and removes steps, headers, query\n"
    "parameters and body by delta debugging (ddmin) as long as the growth per request stays. Prints one curl command when\n"
    "one plain request is enough, else a scenario, and the growth to expect.\n\n"
    "Example:\n"
    "  leakgate run mine.json -o report.json\n"
    "  leakgate minimize report.json -o minimal.json\n\n"
    "Exit codes: 0 found a minimal reproduction; 2 wrong usage, a bad file, or a report without a leak; 3 could not\n"
    "measure, or the leak did not come back.";

std::int64_t sizeOf(const NamedFinding& finding) {
  return finding.growth.bytes.empty() ? 0 : finding.growth.bytes.back();
}

const NamedFinding& chosenFinding(const Report& report, const MinimizeArguments& arguments) {
  if (arguments.finding > report.findings.size()) {
    throw InputError(arguments.report, "--finding", std::to_string(arguments.finding),
                     fmt::format("1 to {}: the report has so many findings", report.findings.size()));
  }
  if (arguments.finding > 0) {
    const auto& finding = report.findings[arguments.finding - 1];
    if (growsByRequest(finding)) return finding;
    throw InputError(arguments.report, "--finding", findingLine(finding), "growth that each request adds to",
                     "choose another finding");
  }
  const NamedFinding* largest = nullptr;
  for (const auto& finding : report.findings) {
    if (growsByRequest(finding) && (largest == nullptr || sizeOf(finding) > sizeOf(*largest)))
      largest = &finding;
  }
  if (largest != nullptr) return *largest;
  throw InputError(
      arguments.report, "",
      report.findings.empty() ? "no finding: nothing leaks" : "only growth by jumps, or slowness",
      "a report with a leak that each request adds to", "make one with leakgate run");
}

std::size_t bodyBytes(const Scenario& scenario) {
  std::size_t bytes = 0;
  for (const Step& step : scenario.steps) bytes += step.body.size();
  return bytes;
}

std::size_t headerCount(const Scenario& scenario) {
  std::size_t count = 0;
  for (const Step& step : scenario.steps) count += step.headers.size();
  return count;
}

std::string amountText(const MeasuredSlope& slope, const Gauge& gauge) {
  std::string bytes = bytesPerEvent(slope.bytes);
  if (gauge.kind != FindingKind::heap && !gauge.byBytes)
    return unitsPerEvent(slope.blocks) + " " + std::string(traitsOf(gauge.kind).unit);
  if (gauge.kind != FindingKind::heap) return bytes;
  return gauge.byBytes ? bytes + ", no more blocks," : unitsPerEvent(slope.blocks) + " blocks, " + bytes;
}

std::string textOf(const MinimizedLeak& leak, const Scenario& whole, double seconds,
                   const LaunchValues& values) {
  const MinimalScenario& minimal = leak.minimal;
  const std::string& function = leak.finding.place.function;
  const Scenario& scenario = minimal.scenario;
  std::string text = fmt::format(
      "MINIMAL  {}: {} of {} steps, {} of {} headers, {} of {} bytes of body ({} runs, {:.1f} s{})\n",
      whole.name, scenario.steps.size(), whole.steps.size(), headerCount(scenario), headerCount(whole),
      bodyBytes(scenario), bodyBytes(whole), minimal.runs, seconds,
      minimal.exhausted ? "; stopped there, it may not be the smallest" : "");
  text += "  start    " + startCommand(scenario.target, values) + "\n";
  if (const auto curl = curlCommand(scenario, values.port, minimal.requestsByHand)) {
    text += "  request  " + *curl + "\n";
    if (minimal.requestsByHand > 1) {
      text += fmt::format("           {} requests over one connection: fewer do not leak\n",
                          minimal.requestsByHand);
    }
  }
  text += fmt::format("  expect   {} per request{}, over {} requests{}\n",
                      amountText(minimal.slope, leak.gauge), function.empty() ? "" : " at " + function,
                      minimal.slope.requests, minimal.slope.exact ? ", exact" : "");
  return text;
}

Outcome minimizeReport(const MinimizeArguments& arguments) {
  const InterruptWatch interrupt;
  const auto start = Clock::now();
  const Report report = readReport(arguments.report);
  if (!arguments.output.empty()) checkOutputFile(arguments.output, arguments.report, "-o");
  const NamedFinding& wanted = chosenFinding(report, arguments);
  Scenario whole = report.scenario;
  if (!arguments.target.empty()) whole.target.command = splitCommand(arguments.target);

  ProgressLine progress(ProgressLine::modeFor(STDERR_FILENO));
  progress.setSubject(whole.name);
  Measurer measurer;
  progress.say("confirm: " + findingLine(wanted));
  const MinimizeLimits limits{arguments.maxRuns, start + std::chrono::seconds(arguments.seconds)};
  const MinimizedLeak leak =
      minimizeLeak(measurer, whole, report.depth, wanted, limits, interrupt.token(), progress);

  const LaunchValues values = launchValuesOf(whole, concretePort(kPortByHand));
  Scenario scenario = leak.minimal.scenario;
  scenario.description = "minimal reproduction of: " + findingLine(leak.finding);
  scenario.target = relocated(scenario.target, values);
  std::ostringstream file;
  writeScenario(file, scenario);
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  writeOutput(textOf(leak, whole, seconds, values));
  if (!arguments.output.empty()) {
    writeAtomically(arguments.output, file.str());
    printOutput("  scenario {}\n  replay   {} run {}\n", arguments.output, shellQuoted(commandName()),
                shellQuoted(arguments.output));
  } else if (!curlCommand(scenario, values.port, leak.minimal.requestsByHand)) {
    writeOutput(file.str());
  }
  return Outcome::pass;
}

}  // namespace

Action addMinimizeCommand(CLI::App& app) {
  auto arguments = std::make_shared<MinimizeArguments>();
  CLI::App& command = *app.add_subcommand("minimize", "Shrink a leaking scenario to the request that leaks");
  command.footer(kMinimizeHelp);
  command.add_option("REPORT", arguments->report, "report with a leak, of leakgate run or gate")->required();
  command.add_option("-o,--output", arguments->output, "write the minimal scenario to this file")
      ->check(notEmpty("a file"));
  command.add_option("--finding", arguments->finding, "which finding of the report, from 1 (the largest)")
      ->check(wholeNumber(1, UINT32_MAX));
  command
      .add_option("--target", arguments->target, "command that starts the server, instead of the report's")
      ->check(notEmpty("a command"));
  command.add_option("--max-runs", arguments->maxRuns, "replays at most")
      ->check(wholeNumber(1, 100'000))
      ->capture_default_str();
  command.add_option("--seconds", arguments->seconds, "time at most, the confirmation included")
      ->check(wholeNumber(1, 86'400))
      ->capture_default_str();
  return [arguments] { return minimizeReport(*arguments); };
}

}  // namespace leakgate
