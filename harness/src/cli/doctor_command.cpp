// leakgate doctor: checks that a leak is found on this machine, and that a clean server passes.
#include <fmt/core.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <memory>

#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/option_checks.hpp"
#include "cli/progress_line.hpp"
#include "cli/standard_streams.hpp"
#include "gate/judge.hpp"
#include "report/finding_text.hpp"
#include "session/measure.hpp"

namespace leakgate {

namespace {

constexpr const char* kDoctorHelp =
    "Starts a small server of leakgate's own, once clean and once with a leak of one block every K requests, and\n"
    "says whether leakgate sees the truth on this machine. Run it when a verdict surprises you, and once on a new\n"
    "CI image.\n\n"
    "Example:\n"
    "  leakgate doctor --every 1000\n\n"
    "Exit codes: 0 all is well; 2 wrong usage; 3 a check failed: what leakgate says here cannot be trusted.";

struct DoctorArguments {
  std::uint64_t every = 1'000;
};

/// One check and its result.
struct Check {
  bool passed = false;
  std::string text;
};

// Enough requests for twenty blocks, in eighths as the blocks of a run want them.
std::uint64_t requestsFor(std::uint64_t every) { return std::max<std::uint64_t>(4'000, every * 20) / 8 * 8; }

Scenario scenarioFor(std::uint64_t every, std::uint64_t requests) {
  Scenario scenario;
  scenario.name = every == 0 ? "doctor_clean" : "doctor_planted";
  scenario.target.command = {"{bin}/leakgate-doctor-target", "--port", "{port}", "--every",
                             std::to_string(every)};
  scenario.file = scenario.name;  // without a file; its folder is the working directory
  scenario.target.ready = "/health";
  scenario.load.connections = 4;
  scenario.load.warmup = 400;
  scenario.load.requests = requests;
  scenario.load.coolDownMs = 0;  // the planted leak is never given back
  Step step;
  step.name = "visit";
  step.path = "/";
  scenario.steps = {step};
  return scenario;
}

class Doctor {
 public:
  Doctor(std::uint64_t every, std::stop_token stop)
      : every_(every), stop_(std::move(stop)), progress_(ProgressLine::modeFor(STDERR_FILENO)) {}

  std::vector<Check> examine() {
    std::vector<Check> checks{cleanTarget(), repeatable()};
    const Report planted = measure(every_, Depth::sites);
    checks.push_back(plantedLeak(planted));
    checks.push_back(symbols(planted));
    checks.push_back(totals());
    return checks;
  }

 private:
  Report measure(std::uint64_t every, Depth depth) {
    const Scenario scenario = scenarioFor(every, every == 0 ? 8'000 : requestsFor(every));
    progress_.setSubject(scenario.name);
    MeasureOptions options;
    options.depth = depth;
    options.stop = stop_;
    options.selfAuditing = every == 0 ? SelfAuditing::yes : SelfAuditing::no;
    return measurer_.measure(scenario, options, progress_);
  }

  Check cleanTarget() {
    const Report report = measure(0, Depth::sites);
    cost_ = report.audit.cost;
    if (report.findings.empty() && report.audit.eventsDropped == 0)
      return {true, "a clean server: nothing grows in 8,000 requests"};
    if (report.findings.empty())
      return {false, fmt::format("a clean server: the shim dropped {} events, expected 0",
                                 report.audit.eventsDropped)};
    return {false,
            "a clean server: found \"" + findingLine(report.findings.front()) + "\", expected nothing"};
  }

  Check repeatable() const {
    return {cost_.repeatable,
            fmt::format("two runs of it: {} counts; the shim adds {:+.1f} % CPU per request ({:+.0f} ns)",
                        cost_.repeatable ? "the same" : "DIFFERENT", 100 * (cost_.cpuRatio - 1),
                        cost_.addedNsPerRequest)};
  }

  bool hasPlantedSlope(const Report& report) const {
    if (report.findings.size() != 1) return false;
    const Finding& growth = report.findings.front().growth;
    const double events = static_cast<double>(growth.events);
    return std::abs(growth.blocksPerEvent * events - events / static_cast<double>(every_)) <= 1;
  }

  Check plantedLeak(const Report& report) const {
    const std::string what =
        fmt::format("a block every {} requests: ", withThousands(static_cast<std::int64_t>(every_)));
    if (report.findings.empty())
      return {false, what + "not found; its server ran without the shim, or see --every"};
    return {hasPlantedSlope(report), what + findingLine(report.findings.front())};
  }

  Check symbols(const Report& report) const {
    if (report.findings.empty()) return {false, "symbols: nothing was found to name"};
    const Place& place = report.findings.front().place;
    const bool named = place.function.find("plantedLeak") != std::string::npos && place.line != 0;
    return {named,
            "symbols: " + (named ? fmt::format("{}:{}", place.file, place.line)
                                 : "found \"" + place.function + "\" without a line, expected plantedLeak")};
  }

  Check totals() {
    const Report report = measure(every_, Depth::count);
    return {hasPlantedSlope(report),
            fmt::format("the same at depth count: {}",
                        report.findings.empty() ? "not found" : findingLine(report.findings[0]))};
  }

  std::uint64_t every_;
  std::stop_token stop_;
  ProgressLine progress_;
  Measurer measurer_;
  ShimCost cost_;
};

Outcome examine(const DoctorArguments& arguments) {
  const InterruptWatch interrupt;
  const auto checks = Doctor(arguments.every, interrupt.token()).examine();
  for (const Check& check : checks) printOutput("{}  {}\n", check.passed ? "ok  " : "FAIL", check.text);
  const bool well =
      std::all_of(checks.begin(), checks.end(), [](const Check& check) { return check.passed; });
  return well ? Outcome::pass : Outcome::cannotMeasure;
}

}  // namespace

Action addDoctorCommand(CLI::App& app) {
  auto arguments = std::make_shared<DoctorArguments>();
  CLI::App& command = *app.add_subcommand("doctor", "Plant a leak, and see that it is found on this machine");
  command.footer(kDoctorHelp);
  command.add_option("--every", arguments->every, "requests for each leaked block, 1 to 20,000")
      ->check(wholeNumber(1, 20'000))
      ->capture_default_str();
  return [arguments] { return examine(*arguments); };
}

}  // namespace leakgate
