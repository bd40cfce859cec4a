#include "session/trigger_phase.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>

#include "replay/experiment_session.hpp"
#include "scenario/first_line.hpp"
#include "trigger/probe.hpp"

namespace leakgate {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kResponseTimeout{2'000};
constexpr milliseconds kSettleTimeout{1'000};
// On a busy machine an experiment may take too long, because each request waits for the one before: then it
// is tried again with fewer.
constexpr int kExperimentShare = 6;  // of the whole time: 3.3 s of 20
constexpr int kLongExperimentShare = 3;
constexpr unsigned kMaxStarts = 4;

const ExperimentSize kSmallSize{.warmup = 16, .blocks = {24, 24, 48}};

// One trigger phase: a session, and the findings to explain.
class TriggerPhase {
 public:
  TriggerPhase(const Report& report, const ReplayOptions& options, milliseconds limit, Progress& progress)
      : report_(report),
        limit_(limit),
        start_(Clock::now()),
        deadline_(start_ + limit * 9 / 10),  // the rest is for stopping the target
        session_(options, progress) {
    for (std::size_t k = 0; k < report.findings.size(); ++k) choose(k);
    size_.blocks = blocksFor(gauges_);
    size_.warmup = std::min(size_.warmup, size_.blocks.front());
  }

  TriggerReport execute() {
    ProbeResult result;
    if (!gauges_.empty()) result = experiment();
    for (std::size_t g = 0; g < gauges_.size(); ++g) {
      const Finding& growth = report_.findings[judged_[g]].countedGrowth();
      add(judged_[g], conclude(report_.scenario, growth, result.experiments, g, gauges_[g]));
    }
    for (const auto& [finding, reason] : unasked_) add(finding, notAsked(reason));
    for (const auto& e : result.experiments) trigger_.experiments.push_back(rowOf(e, report_.scenario));
    trigger_.complete = result.complete;
    trigger_.seconds = std::chrono::duration<double>(Clock::now() - start_).count();
    return std::move(trigger_);
  }

 private:
  void choose(std::size_t finding) {
    const NamedFinding& named = report_.findings[finding];
    if (isCountedAlready(named)) {
      unasked_.emplace_back(finding,
                            "the experiments count it together with a finding above, at one allocation");
      return;
    }
    const auto gauge = gaugeOf(named.countedGrowth(), named.callers, report_.series.back().requests);
    if (!gauge) {
      const std::string reason = reasonNotAsked(named.growth);
      unasked_.emplace_back(finding, reason.empty() ? "nothing was measured" : reason);
    } else if (isTooRare(*gauge)) {
      unasked_.emplace_back(finding, fmt::format("too rare for short experiments, one in {:.0f} requests",
                                                 1 / gauge->perRequest));
    } else {
      judged_.push_back(finding);
      gauges_.push_back(*gauge);
    }
  }

  // Experiments count by site: parts of a site share a gauge.
  bool isCountedAlready(const NamedFinding& part) const {
    return !part.site.empty() && std::any_of(judged_.begin(), judged_.end(), [&](std::size_t judged) {
      const NamedFinding& other = report_.findings[judged];
      return !other.site.empty() && other.callers == part.callers && other.growth.kind == part.growth.kind &&
             other.growth.scope == part.growth.scope;
    });
  }

  ProbeResult experiment() {
    std::vector<std::string> named;
    for (const std::size_t finding : judged_) named.push_back(report_.findings[finding].countedGrowth().step);
    const RunExperiment run = [this](const auto& planned, ProbeStage stage, TriggerExperiment& experiment) {
      return runOne(planned, stage, experiment);
    };
    ProbeResult result = probe(report_.scenario, named, gauges_, run);
    if (result.stepsAlone < report_.scenario.steps.size()) {
      trigger_.notes.push_back(
          fmt::format("{} of {} steps were tried alone", result.stepsAlone, report_.scenario.steps.size()));
    }
    return result;
  }

  // Steps alone get half of the time: without variations they say little.
  bool runOne(const PlannedExperiment& planned, ProbeStage stage, TriggerExperiment& experiment) {
    const auto until = stage == ProbeStage::alone ? start_ + (deadline_ - start_) / 2 : deadline_;
    for (const ExperimentSize& size : {sizeOf(planned), kSmallSize}) {
      const auto left = std::chrono::duration_cast<milliseconds>(until - Clock::now());
      if (left <= milliseconds(0) || session_.starts() > kMaxStarts) return !experiment.problem.empty();
      if (attempt(planned, size, left, experiment)) break;
    }
    return true;
  }

  // Returns whether it is finished: measured, or failed in a way that fewer requests would not change.
  bool attempt(const PlannedExperiment& planned, const ExperimentSize& size, milliseconds left,
               TriggerExperiment& experiment) {
    const milliseconds limit = limit_ / (isLong(size) ? kLongExperimentShare : kExperimentShare);
    try {
      const RunRecord record =
          session_.run(planned.scenario, size, "try " + planned.name, std::min(left, limit));
      experiment.problem.clear();
      readExperiment(experiment, record, gauges_);
    } catch (const Interrupted&) {
      throw;
    } catch (const ExperimentTimeout& error) {
      experiment.problem = firstLine(error.what());
      return false;
    } catch (const MeasureError& error) {
      experiment.problem = firstLine(error.what());
    }
    return true;
  }

  static bool isLong(const ExperimentSize& size) {
    return std::accumulate(size.blocks.begin(), size.blocks.end(), std::uint64_t{0}) > kLongTriggerRequests;
  }

  // Every request takes the time of its pause: send fewer.
  ExperimentSize sizeOf(const PlannedExperiment& planned) const {
    const auto& steps = planned.scenario.steps;
    const bool pauses = steps.size() == 1 && (steps[0].stallMs != 0 || steps[0].slowReadMs != 0);
    return pauses ? kSmallSize : size_;
  }

  void add(std::size_t finding, TriggerConclusion conclusion) {
    const bool shared = !report_.findings[finding].site.empty() && conclusion.events > 0;
    if (shared) conclusion.text = "all lines of this allocation together: " + conclusion.text;
    trigger_.conclusions.push_back({finding, report_.findings[finding].fingerprint, std::move(conclusion)});
  }

  const Report& report_;
  const milliseconds limit_;
  const Clock::time_point start_;
  const Clock::time_point deadline_;
  ExperimentSession session_;
  ExperimentSize size_;
  std::vector<std::size_t> judged_;  // findings, in the order of the gauges
  std::vector<Gauge> gauges_;
  std::vector<std::pair<std::size_t, std::string>> unasked_;  // findings, and why
  TriggerReport trigger_;
};

}  // namespace

bool wantsTrigger(const Report& report) {
  return report.verdict.outcome == Outcome::fail &&
         std::any_of(report.findings.begin(), report.findings.end(), [](const NamedFinding& finding) {
           return finding.growth.kind != FindingKind::slowdown && finding.growth.follows != Follows::time;
         });
}

TriggerReport runTrigger(const Report& report, ReplayOptions options, milliseconds limit,
                         Progress& progress) {
  options.responseTimeout = std::min(options.responseTimeout, kResponseTimeout);
  options.settleTimeout = std::min(options.settleTimeout, kSettleTimeout);
  return TriggerPhase(report, options, limit, progress).execute();
}

}  // namespace leakgate
