// A server that is a function, and the experiments against it.
#pragma once

#include <functional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "scenario/check.hpp"
#include "trigger/contradictions.hpp"
#include "trigger/probe.hpp"
#include "trigger/sentence.hpp"
#include "trigger/varied_step.hpp"

namespace leakgate {

/// What the server sees of one request.
struct SeenRequest {
  std::string step;
  Step sent;  ///< after the variation
  bool ownConnection = false;
  unsigned nth = 1;  ///< on its connection
  bool pipelined = false;
  bool concurrent = false;
  bool mixed = false;  ///< among other steps
};

/// Blocks that the request leaves behind; between whole numbers by chance, or evenly.
using LeakOf = std::function<double(const SeenRequest&)>;

inline Step plainStep(const std::string& name) {
  Step step;
  step.name = name;
  step.path = "/" + name;
  step.expect = Expect{};
  return step;
}

inline Scenario scenarioOf(std::vector<Step> steps) {
  Scenario scenario;
  scenario.name = "sample";
  scenario.target.command = {"server", "{port}"};
  scenario.load.connections = 4;
  scenario.steps = std::move(steps);
  checkScenario(scenario);
  return scenario;
}

inline int statusOf(const Step& sent) {
  if (sent.raw) return 400;
  return sent.path == "/no-such-path-for-leakgate" || sent.path == "/missing" ? 404 : 200;
}

inline bool isWhole(const SeenRequest& seen) {
  if (seen.sent.raw) return false;
  return seen.sent.abort == AbortPoint::none || seen.sent.abort == AbortPoint::beforeResponse ||
         (seen.sent.abort == AbortPoint::afterHeaders && seen.sent.body.empty());
}

/// Runs the probe against a server that leaks as given by `leak`.
class SimulatedServer {
 public:
  /// `seed` 0: without chance, every fraction adds up evenly.
  SimulatedServer(Scenario scenario, LeakOf leak, std::uint32_t seed = 0, double perRequest = 1)
      : scenario_(std::move(scenario)), leak_(std::move(leak)), random_(seed), chance_(seed != 0) {
    gauges_[0].perRequest = perRequest;
    blocks_ = blocksFor(gauges_);
    result_ = probe(scenario_, {}, gauges_, [this](const auto& planned, ProbeStage, TriggerExperiment& e) {
      return run(planned, e);
    });
  }

  const Scenario& scenario() const { return scenario_; }
  std::vector<TriggerExperiment>& experiments() { return result_.experiments; }
  TriggerTable table() const { return {result_.experiments, 0, gauges_[0]}; }

  TriggerConclusion conclude(Follows mixed = Follows::request, const std::string& step = "") const {
    Finding finding;
    finding.follows = mixed;
    finding.step = step;
    return leakgate::conclude(scenario_, finding, result_.experiments, 0, gauges_[0]);
  }

  TriggerInference infer() const { return leakgate::infer(scenario_, table()); }
  std::vector<std::string> contradictions() const { return leakgate::contradictions(table(), infer()); }

  const TriggerExperiment* find(const std::string& name) const {
    for (const auto& e : result_.experiments) {
      if (e.name == name) return &e;
    }
    return nullptr;
  }

 private:
  bool run(const PlannedExperiment& planned, TriggerExperiment& e) {
    const LoadSpec& load = planned.scenario.load;
    e.concurrency = load.connections;
    e.pipeline = load.pipeline;
    e.work = {0};
    GrowthCourse course{{0}, {0}};
    double left = 0;
    std::uint64_t number = 0;
    for (const std::uint64_t requests : blocks_) {
      for (std::uint64_t k = 0; k < requests; ++k, ++number) left += leakOf(planned, e, number);
      e.requests += requests;
      e.work.push_back(e.requests);
      const auto blocks = static_cast<std::int64_t>(left + 1e-6);
      course.blocks.push_back(blocks);
      course.bytes.push_back(40 * blocks);
    }
    e.growth = {course};
    return true;
  }

  double leakOf(const PlannedExperiment& planned, TriggerExperiment& e, std::uint64_t number) {
    const Scenario& scenario = planned.scenario;
    const Step& sent = scenario.steps[number % scenario.steps.size()];
    SeenRequest seen;
    seen.sent = sent;
    seen.step = planned.step == kAllSteps ? sent.name : scenario_.steps[planned.step].name;
    seen.mixed = planned.step == kAllSteps;
    seen.ownConnection = closesConnection(scenario, sent) || sent.raw.has_value();
    const unsigned limit = seen.ownConnection ? 1 : scenario.load.requestsPerConnection;
    // Kept-open connections have had their first request in the warm-up.
    seen.nth = limit == 0 ? 100 : static_cast<unsigned>(number / scenario.load.connections % limit) + 1;
    if (seen.nth == 1) ++e.connections;
    seen.pipelined =
        scenario.load.pipeline > 1 && !seen.ownConnection && sent.slowReadMs == 0 && number % 4 != 3;
    seen.concurrent = scenario.load.connections > 1;
    if (sent.abort == AbortPoint::none || sent.stallMs != 0) ++e.statuses[statusOf(sent)];
    const double expected = leak_(seen);
    if (!chance_) return expected;
    return std::bernoulli_distribution(std::min(expected, 1.0))(random_) ? 1 : 0;
  }

  Scenario scenario_;
  LeakOf leak_;
  std::mt19937 random_;
  bool chance_;
  std::vector<Gauge> gauges_ = std::vector<Gauge>(1);
  std::vector<std::uint64_t> blocks_;
  ProbeResult result_;
};

}  // namespace leakgate
