#include "session/measure.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>

#include "analysis/detection.hpp"
#include "analysis/repeated_metrics.hpp"
#include "analysis/stack_growth.hpp"
#include "analysis/steering.hpp"
#include "gate/suppressions.hpp"
#include "replay/measure_error.hpp"
#include "replay/runner.hpp"
#include "report/build_report.hpp"
#include "report/profile_builder.hpp"
#include "scenario/first_line.hpp"
#include "session/request_costs.hpp"
#include "session/self_audit.hpp"
#include "session/step_profiles.hpp"
#include "session/trigger_phase.hpp"

namespace leakgate {

namespace {

constexpr unsigned kSlowReplays = 2;  // at most, to confirm a slow-down

std::size_t knownPlaces(const Analysis& analysis) {
  return static_cast<std::size_t>(
      std::count_if(analysis.findings.begin(), analysis.findings.end(), [](const Finding& finding) {
        return !finding.caller.module.empty() || finding.kind == FindingKind::managed;
      }));
}

std::string placesGrew(std::size_t count) {
  return fmt::format("{} {} grew", count, count == 1 ? "place" : "places");
}

void markInterrupted(Report& report) {
  if (report.end != RunEnd::whole) return;
  report.end = RunEnd::interrupted;
  report.endReason = "interrupted after the first replay";
}

// Describes whether the second replay agrees, for people.
std::string agreement(const Report& report) {
  const auto count = [&](Confirmed confirmed) {
    return std::count_if(report.findings.begin(), report.findings.end(), [&](const NamedFinding& finding) {
      return finding.confirmed == confirmed && !finding.growth.slowsByCpu();
    });
  };
  const auto yes = count(Confirmed::yes);
  const auto no = count(Confirmed::no);
  std::string text = fmt::format("{} of {} findings grew again when replayed with stacks", yes, yes + no);
  if (no > 0) text += "; what did not stands on the first replay alone";
  return text;
}

}  // namespace

MeasureOptions repeatOptions(const MeasureOptions& first, Repeat how) {
  MeasureOptions options = first;
  options.escalates = false;
  options.extends = how == Repeat::extended;
  options.reproduce.clear();
  options.selfAuditing = SelfAuditing::no;
  options.say = nullptr;
  options.isRepeat = true;
  return options;
}

Measurer::Measurer() : installation_(ownInstallation()), machine_(describeMachine()) {}

ReplayOptions Measurer::replayOptions(Depth depth, std::stop_token stop) const {
  ReplayOptions options;
  options.depth = depth;
  options.shimLibrary = installation_.shimLibrary;
  options.binDirectory = installation_.binDirectory;
  options.stop = std::move(stop);
  return options;
}

Naming Measurer::naming() {
  return {[this](const CodeLocation& location) { return symbolizer_.frames(location); },
          std::filesystem::current_path().string()};
}

Measurer::Replayed Measurer::replayAt(Depth depth, const std::string& stackFilter, Steering steering,
                                      const Scenario& scenario, const MeasureOptions& options,
                                      std::optional<Clock::time_point> followUntil,
                                      Progress& progress) const {
  ReplayOptions replayed = replayOptions(depth, options.stop);
  replayed.deadline = deadline_;
  replayed.followUntil = followUntil;
  replayed.readyTimeout = options.readyTime;
  replayed.stackFilter = stackFilter;
  replayed.openLoop = options.openLoop;
  replayed.steering = std::move(steering);
  RunRecord record = replay(scenario, replayed, progress);
  Analysis analysis = analyse(record);
  return {std::move(record), std::move(analysis)};
}

// Empty when nothing grew at a known place, or when it could not be measured: then `problem` says why.
std::optional<Measurer::Replayed> Measurer::replayAgain(const Replayed& first, const Scenario& scenario,
                                                        const MeasureOptions& options, Progress& progress,
                                                        std::string& problem) const {
  const std::string filter = stackFilterOf(first.record, first.analysis.findings);
  if (filter.empty()) return std::nullopt;
  if (options.say) {
    options.say(
        fmt::format("{}: {}, replaying with stacks", scenario.name, placesGrew(knownPlaces(first.analysis))));
  }
  try {
    const unsigned added = needsAddedBlocks(first.analysis.findings) ? first.record.extensions : 0;
    const bool rests = needsRests(first.record, first.analysis.findings);
    Replayed again = replayAt(Depth::stacks, filter, repeatSteering(added, rests), scenario, options,
                              std::nullopt, progress);
    if (again.record.end == RunEnd::whole || !again.analysis.findings.empty()) return again;
    problem = "the replay with stacks ended early: " + firstLine(again.record.endReason);
    return std::nullopt;
  } catch (const MeasureError& error) {
    problem = std::string("the replay with stacks failed: ") + error.what();
    return std::nullopt;
  }
}

// Replays the scenario again, without the shim, whose own cost may rise with the number of sites, and with
// samples of the running threads; once more where other processes leave it open. A slowdown that no such run has
// becomes an observation.
std::optional<RunRecord> Measurer::slowsAgain(Replayed& first, const Scenario& scenario,
                                              const MeasureOptions& options, Progress& progress,
                                              std::string& problem) const {
  auto& findings = first.analysis.findings;
  const auto slow = std::find_if(findings.begin(), findings.end(),
                                 [](const Finding& finding) { return finding.slowsByCpu(); });
  if (slow == findings.end()) return std::nullopt;
  if (options.say) {
    options.say(fmt::format("{}: CPU per request rises, replaying to see where", scenario.name));
  }
  ReplayOptions sampling = replayOptions(Depth::none, options.stop);
  sampling.samplesStacks = true;
  sampling.deadline = deadline_;
  sampling.readyTimeout = options.readyTime;
  sampling.steering = repeatSteering(first.record.extensions);
  try {
    for (unsigned attempt = 0; attempt < kSlowReplays; ++attempt) {
      RunRecord record = replay(scenario, sampling, progress);
      const auto growth = cpuGrowth(record);
      if (growth && growth->rises()) return record;
      if (!growth || !growth->isOpen()) break;
    }
    Observation once;
    once.kind = FindingKind::slowdown;
    once.pattern = Pattern::slow;
    once.percent = slow->percent;
    first.analysis.observations.push_back(once);
    findings.erase(slow);
  } catch (const MeasureError& error) {
    problem = std::string("the second replay of the slowdown failed: ") + error.what();
  }
  return std::nullopt;
}

Report Measurer::measure(const Scenario& scenario, const MeasureOptions& options, Progress& progress) {
  const auto start = Clock::now();
  if (!options.isRepeat) deadline_ = start + options.maxTime;
  readyTime_ = options.readyTime;
  // Planned blocks may take all of the time. Added ones leave some of it for the stacks and the experiments,
  // which say more about growth.
  std::optional<Clock::time_point> followUntil;
  if (options.escalates) followUntil = start + options.maxTime * 3 / 5;
  Steering steering = options.extends ? fullSteering(options.seeRequests) : Steering{};
  Replayed first = replayAt(options.depth, "", std::move(steering), scenario, options, followUntil, progress);
  std::string problem;
  std::optional<RunRecord> sampled;
  if (first.record.end == RunEnd::whole) sampled = slowsAgain(first, scenario, options, progress, problem);
  std::optional<Replayed> again;
  if (options.escalates && first.record.end != RunEnd::interrupted)
    again = replayAgain(first, scenario, options, progress, problem);

  BuildOptions build;
  build.sampled = sampled ? &*sampled : nullptr;
  build.reproduce = options.reproduce;
  build.naming = naming();
  if (again) {
    build.unwound = {&again->record, &again->analysis, true};
  } else if (options.depth == Depth::stacks) {
    build.unwound = {&first.record, &first.analysis, false};
  }
  Report report = buildReport(first.record, first.analysis, describeTarget(machine_, first.record), build);
  if (options.depth == Depth::stacks && !options.isRepeat)
    report.profile = profileOf(first.record, build.naming);
  report.look.findOneIn = findOneIn(first.record, options.seeRequests);
  report.escalated = again.has_value();
  report.escalation = again ? agreement(report) : problem;
  suppress(report, options.suppressions);
  if (options.selfAuditing == SelfAuditing::yes && options.depth != Depth::none &&
      report.end == RunEnd::whole) {
    ReplayOptions audited = replayOptions(options.depth, options.stop);
    audited.deadline = deadline_;
    audited.readyTimeout = options.readyTime;
    report.audit.cost = costOf(scenario, audited, progress);
  }
  // A gate measures the cost once for each target: the varied counts belong to that scenario only.
  if (report.audit.cost.scenario == scenario.name) markVaried(report.metrics, report.audit.cost.varied);
  if (options.stop.stop_requested()) markInterrupted(report);
  return report;
}

ShimCost Measurer::costOf(const Scenario& scenario, const ReplayOptions& options, Progress& progress) {
  const auto known = costs_.find(scenario.target.command);
  if (known != costs_.end()) return known->second;
  try {
    return costs_[scenario.target.command] = measureShimCost(scenario, options, progress);
  } catch (const EndedEarly&) {
    return {};  // not measured: the report has its findings all the same
  }
}

void Measurer::explain(Report& report, std::chrono::seconds limit, std::stop_token stop, Progress& progress) {
  if (limit.count() == 0 || report.end == RunEnd::interrupted || !wantsTrigger(report)) return;
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - Clock::now());
  const auto time = std::min<std::chrono::milliseconds>(limit, left);
  if (time.count() <= 0) return;
  ReplayOptions options = replayOptions(report.depth, std::move(stop));
  options.deadline = deadline_;
  options.readyTimeout = readyTime_;
  try {
    report.trigger = runTrigger(report, options, time, progress);
  } catch (const Interrupted&) {
    markInterrupted(report);
  }
}

void Measurer::profileSteps(Report& report, const std::stop_token& stop, Progress& progress,
                            const StepBegins& begins) {
  if (!report.profile || report.end != RunEnd::whole) return;
  ReplayOptions options = replayOptions(Depth::stacks, stop);
  options.deadline = deadline_;
  options.readyTimeout = readyTime_;
  addStepProfiles(*report.profile, report.scenario, options, naming(), progress, begins);
  if (stop.stop_requested()) markInterrupted(report);
}

ReplayOptions Measurer::costOptions(std::stop_token stop) const {
  ReplayOptions options = replayOptions(Depth::none, std::move(stop));
  options.deadline = deadline_;
  options.readyTimeout = readyTime_;
  return options;
}

void Measurer::addInstructions(Report& report, std::stop_token stop, Progress& progress) const {
  if (report.end != RunEnd::whole) return;
  try {
    report.instructions = instructionsOf(report.scenario, costOptions(std::move(stop)), progress);
  } catch (const Interrupted&) {
    markInterrupted(report);
  }
}

void Measurer::addSystemCalls(Report& report, std::stop_token stop, Progress& progress) const {
  if (report.end != RunEnd::whole) return;
  try {
    report.systemCalls = systemCallsOf(report.scenario, costOptions(std::move(stop)), progress);
  } catch (const Interrupted&) {
    markInterrupted(report);
  }
}

}  // namespace leakgate
