#include "cli/trigger_phase.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "analysis/trigger_plan.hpp"
#include "replay/experiment_session.hpp"

namespace leakgate {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kResponseTimeout{2'000};
constexpr milliseconds kSettleTimeout{1'000};
constexpr milliseconds kExperimentTime{6'000};
constexpr unsigned kMaxStarts = 4;
constexpr std::size_t kMaxSubjects = 3;

struct Judged {
  std::size_t finding;
  Gauge gauge;
};

// One trigger phase: a session, the gauges, and the experiments so far.
class TriggerPhase {
 public:
  TriggerPhase(const Report& report, const ReplayOptions& options, milliseconds limit, Progress& progress)
      : report_(report), start_(Clock::now()), deadline_(start_ + limit), session_(options, progress) {
    for (std::size_t k = 0; k < report.findings.size() && judged_.size() < kMaxTriggerFindings; ++k) {
      const auto& finding = report.findings[k];
      if (finding.growth.follows == Follows::time) continue;  // no request brings it
      if (auto gauge = gaugeOf(finding.growth, finding.callers, report.series.back().requests)) {
        judged_.push_back({k, *gauge});
        gauges_.push_back(*gauge);
      }
    }
    size_.blocks = blocksFor(gauges_);
    size_.warmup = std::min(size_.warmup, size_.blocks.front());
  }

  TriggerReport execute() {
    if (gauges_.empty()) {
      trigger_.notes.push_back("growth by jumps: too coarse for short experiments");
    } else {
      experiment();
      concludeAll();
    }
    trigger_.complete = complete_;
    trigger_.seconds = std::chrono::duration<double>(Clock::now() - start_).count();
    return std::move(trigger_);
  }

 private:
  void experiment() {
    std::vector<std::string> named;
    for (const auto& judged : judged_) named.push_back(report_.findings[judged.finding].growth.step);
    const auto steps = planAlone(report_.scenario, named);
    if (steps.size() < report_.scenario.steps.size()) {
      trigger_.notes.push_back(
          fmt::format("{} of {} steps were tried alone", steps.size(), report_.scenario.steps.size()));
    }
    // Half of the time: without variations the steps alone say little.
    runAll(steps, start_ + (deadline_ - start_) / 2);
    for (const auto& [alone, gauge] : chooseSubjects()) {
      const std::size_t witness = chooseWitness(report_.scenario, steadySteps(gauge));
      runAll(planVariations(report_.scenario, alone, witness), deadline_);
    }
    if (needsMix_ && report_.scenario.steps.size() > 1) runAll({planMix(report_.scenario)}, deadline_);
  }

  void runAll(const std::vector<PlannedExperiment>& plan, Clock::time_point until) {
    for (const auto& planned : plan) {
      const auto left = std::chrono::duration_cast<milliseconds>(until - Clock::now());
      if (left <= milliseconds(0) || session_.starts() > kMaxStarts) {
        complete_ = false;
        return;
      }
      if (!known(planned)) runOne(planned, std::min(left, kExperimentTime));
    }
  }

  bool known(const PlannedExperiment& planned) const {
    return std::any_of(experiments_.begin(), experiments_.end(), [&](const TriggerExperiment& e) {
      return e.step == planned.step && e.variation == planned.variation;
    });
  }

  void runOne(const PlannedExperiment& planned, milliseconds limit) {
    TriggerExperiment experiment;
    experiment.name = planned.name;
    experiment.step = planned.step;
    experiment.variation = planned.variation;
    try {
      const RunRecord record = session_.run(planned.scenario, sizeOf(planned), "try " + planned.name, limit);
      readExperiment(experiment, record, gauges_);
    } catch (const Interrupted&) {
      throw;
    } catch (const MeasureError& error) {
      experiment.problem = firstLine(error.what());
    }
    experiments_.push_back(std::move(experiment));
  }

  // A pause costs its time with every request: fewer of them.
  ExperimentSize sizeOf(const PlannedExperiment& planned) const {
    const auto& steps = planned.scenario.steps;
    const bool pauses = steps.size() == 1 && (steps[0].stallMs != 0 || steps[0].slowReadMs != 0);
    if (!pauses) return size_;
    return {.warmup = 16, .blocks = {24, 24, 48}};
  }

  static std::string firstLine(const std::string& text) { return text.substr(0, text.find('\n')); }

  struct Subject {
    TriggerExperiment alone;
    std::size_t gauge;
  };

  // The step that grows most by each gauge, each once.
  std::vector<Subject> chooseSubjects() {
    std::vector<Subject> subjects;
    for (std::size_t g = 0; g < gauges_.size(); ++g) {
      const TriggerExperiment* best = nullptr;
      for (const auto& e : experiments_) {
        if (!e.measured() || !grew(e, g, gauges_[g], 0)) continue;
        if (best == nullptr || ratePerRequest(e, g, gauges_[g]) > ratePerRequest(*best, g, gauges_[g]))
          best = &e;
      }
      needsMix_ = needsMix_ || best == nullptr;
      if (best == nullptr || subjects.size() == kMaxSubjects) continue;
      const bool chosen = std::any_of(subjects.begin(), subjects.end(), [&](const Subject& subject) {
        return subject.alone.step == best->step;
      });
      if (!chosen) subjects.push_back({*best, g});
    }
    return subjects;
  }

  std::vector<std::size_t> steadySteps(std::size_t gauge) const {
    std::vector<std::size_t> steady;
    for (const auto& e : experiments_) {
      if (e.variation == Variation::none && e.measured() && !grew(e, gauge, gauges_[gauge], 0)) {
        steady.push_back(e.step);
      }
    }
    return steady;
  }

  void concludeAll() {
    for (std::size_t g = 0; g < gauges_.size(); ++g) {
      const auto& finding = report_.findings[judged_[g].finding];
      trigger_.conclusions.push_back(
          {judged_[g].finding, finding.fingerprint,
           conclude(report_.scenario, finding.growth, experiments_, g, gauges_[g])});
    }
    for (const auto& e : experiments_) trigger_.experiments.push_back(rowOf(e, report_.scenario));
  }

  const Report& report_;
  const Clock::time_point start_;
  const Clock::time_point deadline_;
  ExperimentSession session_;
  ExperimentSize size_;
  std::vector<Judged> judged_;
  std::vector<Gauge> gauges_;
  std::vector<TriggerExperiment> experiments_;
  bool needsMix_ = false;
  bool complete_ = true;
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
