#include "trigger/probe.hpp"

#include <algorithm>
#include <numeric>

namespace leakgate {

namespace {

class Probe {
 public:
  Probe(const Scenario& scenario, std::vector<Gauge>& gauges, const RunExperiment& run)
      : scenario_(scenario), gauges_(gauges), run_(run) {}

  ProbeResult execute(const std::vector<std::string>& named) {
    const auto steps = planAlone(scenario_, named);
    result_.stepsAlone = steps.size();
    runAll(steps, ProbeStage::alone);
    reconsiderBytes();
    const auto blocks = blocksFor(gauges_);
    const bool brief = std::accumulate(blocks.begin(), blocks.end(), std::uint64_t{0}) > kLongTriggerRequests;
    for (const auto& [alone, gauge] : chooseSubjects()) {
      const std::size_t witness = chooseWitness(scenario_, steadySteps(gauge));
      runAll(planVariations(scenario_, alone, witness, brief), ProbeStage::varied);
      tryFields(alone, gauge, witness);
    }
    if (needsMix_ && scenario_.steps.size() > 1) runAll({planMix(scenario_)}, ProbeStage::varied);
    return std::move(result_);
  }

 private:
  struct Subject {
    TriggerExperiment alone;
    std::size_t gauge;
  };

  void runAll(const std::vector<PlannedExperiment>& plan, ProbeStage stage) {
    for (const auto& planned : plan) {
      if (isKnown(result_.experiments, planned)) continue;
      TriggerExperiment experiment;
      experiment.name = planned.name;
      experiment.step = planned.step;
      experiment.variation = planned.variation;
      experiment.field = planned.field;
      if (!run_(planned, stage, experiment)) {
        result_.complete = false;
        return;
      }
      result_.experiments.push_back(std::move(experiment));
    }
  }

  TriggerTable tableOf(std::size_t gauge) const { return {result_.experiments, gauge, gauges_[gauge]}; }

  // A finding by number may grow only by size: the same blocks, enlarged.
  void reconsiderBytes() {
    for (std::size_t g = 0; g < gauges_.size(); ++g) {
      if (gauges_[g].byBytes || risesAnywhere(g)) continue;
      Gauge byBytes = gauges_[g];
      byBytes.byBytes = true;
      byBytes.unit = 1;
      std::swap(gauges_[g], byBytes);
      if (growsAnywhere(g)) continue;
      std::swap(gauges_[g], byBytes);
    }
  }

  bool risesAnywhere(std::size_t gauge) const {
    const auto table = tableOf(gauge);
    return std::any_of(result_.experiments.begin(), result_.experiments.end(),
                       [&](const auto& e) { return e.measured() && table.rise(e) > 0; });
  }

  bool growsAnywhere(std::size_t gauge) const {
    const auto table = tableOf(gauge);
    return std::any_of(result_.experiments.begin(), result_.experiments.end(),
                       [&](const auto& e) { return e.measured() && table.growsAlone(e); });
  }

  // The steps that grow most, one for each gauge, without duplicates.
  std::vector<Subject> chooseSubjects() {
    std::vector<Subject> subjects;
    for (std::size_t g = 0; g < gauges_.size(); ++g) {
      const auto table = tableOf(g);
      const TriggerExperiment* best = nullptr;
      for (const auto& e : result_.experiments) {
        if (!e.measured() || !table.growsAlone(e)) continue;
        if (best == nullptr || table.rate(e) > table.rate(*best)) best = &e;
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
    const auto table = tableOf(gauge);
    std::vector<std::size_t> steady;
    for (const auto& e : result_.experiments) {
      if (e.variation == Variation::none && e.measured() && !table.growsAlone(e)) steady.push_back(e.step);
    }
    return steady;
  }

  // Removes fields one by one if the growth stops without all of them, and gives those that matter to another
  // step.
  void tryFields(const TriggerExperiment& alone, std::size_t gauge, std::size_t witness) {
    const auto table = tableOf(gauge);
    const ExpectedGrowth expected{table.rate(alone), table.isExact(alone, alone.work)};
    const auto* without = table.find(alone.step, Variation::withoutFields);
    const bool matter = without != nullptr && table.presence(*without, expected) == Presence::absent;
    if (matter) runAll(planFields(scenario_, alone.step), ProbeStage::varied);
    std::vector<std::string> needed;
    for (const auto& e : result_.experiments) {
      const bool single = e.step == alone.step && e.variation == Variation::withoutField && e.measured();
      if (single && table.presence(e, expected) == Presence::absent) needed.push_back(e.field);
    }
    for (const auto& field : needed) {
      runAll(planFieldAt(scenario_, alone.step, field, witness), ProbeStage::varied);
    }
  }

  const Scenario& scenario_;
  std::vector<Gauge>& gauges_;
  const RunExperiment& run_;
  bool needsMix_ = false;
  ProbeResult result_;
};

}  // namespace

ProbeResult probe(const Scenario& scenario, const std::vector<std::string>& named, std::vector<Gauge>& gauges,
                  const RunExperiment& run) {
  return Probe(scenario, gauges, run).execute(named);
}

}  // namespace leakgate
