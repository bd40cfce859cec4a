#include "trigger/plan.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "scenario/check.hpp"
#include "trigger/header_fields.hpp"
#include "trigger/varied_step.hpp"

namespace leakgate {

namespace {

// Some thirty experiments share one target. The kernel allows it some thousands of processes, and every live
// one is read each time the target's activity is checked.
constexpr std::uint64_t kZombieRequests = 64;
constexpr std::uint64_t kProcessRequests = 32;

constexpr std::uint64_t kMinTriggerRequests = 400;

// Removals of a trait come first, because they decide. Then the use of connections, and how far the growth
// reaches.
constexpr std::array kRemovals{Variation::oneInFlight, Variation::oneConnection, Variation::oneAtATime,
                               Variation::promptRead,  Variation::whole,         Variation::http11,
                               Variation::keepAlive,   Variation::withoutFields, Variation::get};
constexpr std::array kConnections{Variation::connectionPerRequest, Variation::oneRequest,
                                  Variation::twoRequests};
constexpr std::array kReach{Variation::missingPath, Variation::http10,    Variation::unknownMethod,
                            Variation::options,     Variation::head,      Variation::longerBody,
                            Variation::slowRead,    Variation::pipelined, Variation::manyConnections};
constexpr std::array kAborts{Variation::midHeaders, Variation::afterHeaders, Variation::midBody,
                             Variation::beforeResponse, Variation::stalled};

PlannedExperiment planned(const Scenario& scenario, std::size_t step, Variation variation,
                          Scenario replayed) {
  std::string name = scenario.steps[step].name;
  if (variation != Variation::none) name += ", " + std::string(titleOf(variation));
  return {std::move(name), step, variation, "", std::move(replayed)};
}

PlannedExperiment plannedField(const Scenario& scenario, std::size_t step, Variation variation,
                               const std::string& field, Scenario replayed) {
  const char* how = variation == Variation::withField ? "with" : "without";
  return {scenario.steps[step].name + ", " + how + " " + field, step, variation, field, std::move(replayed)};
}

void addVaried(std::vector<PlannedExperiment>& plan, const Scenario& scenario, std::size_t step,
               Variation variation) {
  const bool known = std::any_of(plan.begin(), plan.end(), [&](const PlannedExperiment& other) {
    return other.step == step && other.variation == variation;
  });
  if (known) return;
  // A single field needs no search.
  if (variation == Variation::withoutFields && droppableFields(scenario.steps[step]).size() == 1) {
    for (auto& single : planFields(scenario, step)) plan.push_back(std::move(single));
    return;
  }
  if (auto replayed = varied(onlyStep(scenario, step), variation)) {
    plan.push_back(planned(scenario, step, variation, std::move(*replayed)));
  }
}

std::vector<Variation> traitsOf(const Step& step, const TriggerExperiment& alone) {
  const auto& statuses = alone.statuses;
  std::vector<Variation> traits;
  if (step.abort != AbortPoint::none) traits.push_back(abortVariation(step.abort));
  if (step.version == "1.0") traits.push_back(Variation::http10);
  // Whatever its other traits: a connection per request may be the only cause.
  if (2 * alone.connections >= alone.requests) traits.push_back(Variation::connectionPerRequest);
  if (step.slowReadMs != 0) traits.push_back(Variation::slowRead);
  if (step.method == "OPTIONS") traits.push_back(Variation::options);
  if (step.method == "HEAD") traits.push_back(Variation::head);
  if (statuses.contains(404)) traits.push_back(Variation::missingPath);
  if (statuses.contains(405) || statuses.contains(501)) traits.push_back(Variation::unknownMethod);
  if (statuses.contains(400) || step.raw) traits.push_back(Variation::malformed);
  return traits;
}

bool hasErrors(const TriggerExperiment& alone) {
  return std::any_of(alone.statuses.begin(), alone.statuses.end(),
                     [](const auto& entry) { return entry.first >= 400; });
}

}  // namespace

bool isKnown(const std::vector<TriggerExperiment>& experiments, const PlannedExperiment& planned) {
  return std::any_of(experiments.begin(), experiments.end(), [&](const TriggerExperiment& e) {
    return e.step == planned.step && e.variation == planned.variation && e.field == planned.field;
  });
}

std::vector<PlannedExperiment> planAlone(const Scenario& scenario, const std::vector<std::string>& named) {
  std::vector<std::size_t> order(scenario.steps.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (order.size() > kMaxStepsAlone) {
    const auto isNamed = [&](std::size_t k) {
      return std::find(named.begin(), named.end(), scenario.steps[k].name) != named.end();
    };
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      if (isNamed(a) != isNamed(b)) return isNamed(a);
      return scenario.steps[a].weight > scenario.steps[b].weight;
    });
    order.resize(kMaxStepsAlone);
  }
  std::vector<PlannedExperiment> plan;
  for (const std::size_t k : order) {
    plan.push_back(planned(scenario, k, Variation::none, onlyStep(scenario, k)));
  }
  return plan;
}

PlannedExperiment planMix(const Scenario& scenario) {
  PlannedExperiment mix{"all steps together", kAllSteps, Variation::none, "", scenario};
  for (Step& step : mix.scenario.steps) {
    if (step.expect) step.expect = Expect{};
  }
  mix.scenario.budgets.clear();
  checkScenario(mix.scenario);
  return mix;
}

std::vector<PlannedExperiment> planVariations(const Scenario& scenario, const TriggerExperiment& alone,
                                              std::size_t witness, bool brief) {
  const std::size_t subject = alone.step;
  const Step& step = scenario.steps[subject];
  std::vector<PlannedExperiment> plan;
  for (const Variation variation : kRemovals) addVaried(plan, scenario, subject, variation);
  if (witness != kAllSteps) {
    for (const Variation trait : traitsOf(step, alone)) addVaried(plan, scenario, witness, trait);
  }
  for (const Variation variation : kConnections) addVaried(plan, scenario, subject, variation);
  if (brief) return plan;
  for (const Variation variation : kReach) addVaried(plan, scenario, subject, variation);
  if (hasErrors(alone) || step.raw) addVaried(plan, scenario, subject, Variation::malformed);
  if (step.abort == AbortPoint::none) return plan;
  for (const Variation variation : kAborts) addVaried(plan, scenario, subject, variation);
  return plan;
}

std::vector<PlannedExperiment> planFields(const Scenario& scenario, std::size_t step) {
  std::vector<PlannedExperiment> plan;
  for (const auto& field : droppableFields(scenario.steps[step])) {
    if (plan.size() == kMaxFieldsAlone) break;
    if (auto replayed = withoutField(onlyStep(scenario, step), field)) {
      plan.push_back(plannedField(scenario, step, Variation::withoutField, field, std::move(*replayed)));
    }
  }
  return plan;
}

std::vector<PlannedExperiment> planFieldAt(const Scenario& scenario, std::size_t subject,
                                           const std::string& field, std::size_t witness) {
  if (witness == kAllSteps) return {};
  Step bare = scenario.steps[subject];
  for (const auto& header : bare.headers) {
    bare.headers = {header};
    if (droppableFields(bare) != std::vector<std::string>{field}) continue;
    auto replayed = withField(onlyStep(scenario, witness), header);
    if (!replayed) return {};
    return {plannedField(scenario, witness, Variation::withField, field, std::move(*replayed))};
  }
  return {};
}

std::size_t chooseWitness(const Scenario& scenario, const std::vector<std::size_t>& steady) {
  const auto plain = std::find_if(steady.begin(), steady.end(), [&](std::size_t k) {
    const Step& step = scenario.steps[k];
    return !step.raw && !closesConnection(scenario, step) && step.method != "HEAD" &&
           step.method != "OPTIONS";
  });
  return plain == steady.end() ? kAllSteps : *plain;
}

bool isTooRare(const Gauge& gauge, std::uint64_t most) {
  return gauge.perRequest * static_cast<double>(most) < kSureUnitsByChance;
}

std::vector<std::uint64_t> blocksFor(const std::vector<Gauge>& gauges, std::uint64_t most) {
  const auto has = [&](FindingKind kind) {
    return std::any_of(gauges.begin(), gauges.end(), [&](const Gauge& gauge) { return gauge.kind == kind; });
  };
  if (has(FindingKind::process)) return {kProcessRequests / 4, kProcessRequests / 4, kProcessRequests / 2};
  if (has(FindingKind::zombie)) return {kZombieRequests / 4, kZombieRequests / 4, kZombieRequests / 2};
  std::uint64_t requests = gauges.empty() ? kMinTriggerRequests : 0;
  for (const Gauge& gauge : gauges) {
    if (isTooRare(gauge, most)) continue;
    const double wanted = std::ceil(kSureUnitsByChance / gauge.perRequest / 4) * 4;
    requests = std::max({requests, static_cast<std::uint64_t>(wanted), kMinTriggerRequests});
  }
  if (requests == 0) requests = most;
  return {requests / 4, requests / 4, requests / 2};
}

}  // namespace leakgate
