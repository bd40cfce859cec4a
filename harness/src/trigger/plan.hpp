// Plans the experiments, the most informative first.
#pragma once

#include <string>
#include <vector>

#include "trigger/experiment.hpp"

namespace leakgate {

struct PlannedExperiment {
  std::string name;
  std::size_t step = kAllSteps;  ///< kAllSteps: the whole mix
  Variation variation = Variation::none;
  std::string field;  ///< of withoutField and withField
  Scenario scenario;  ///< to replay
};

/// Whether it was run, or tried.
bool isKnown(const std::vector<TriggerExperiment>& experiments, const PlannedExperiment& planned);

/// Maximum number of steps that are tried alone: all of a scenario of usual size; of an imported log those
/// that the findings name, then the most frequent.
inline constexpr std::size_t kMaxStepsAlone = 24;

/// Each step alone.
std::vector<PlannedExperiment> planAlone(const Scenario& scenario, const std::vector<std::string>& named);

/// All steps mixed as they were, for when none grows alone.
PlannedExperiment planMix(const Scenario& scenario);

/// Changes one thing at a time of the subject, a step whose growth alone is in `alone`; and gives the traits
/// of the subject to `witness`, a step that does not grow (kAllSteps: there is none). `brief`: only
/// variations that can become a condition, because each experiment is long.
std::vector<PlannedExperiment> planVariations(const Scenario& scenario, const TriggerExperiment& alone,
                                              std::size_t witness, bool brief);

/// Removes each header field of the step by itself: for when the growth stops without all of them.
std::vector<PlannedExperiment> planFields(const Scenario& scenario, std::size_t step);
inline constexpr std::size_t kMaxFieldsAlone = 12;

/// Gives the field of `subject` to the witness; empty when the witness already has it.
std::vector<PlannedExperiment> planFieldAt(const Scenario& scenario, std::size_t subject,
                                           const std::string& field, std::size_t witness);

/// Chooses a suitable witness among the steps that did not grow; kAllSteps when there is none.
std::size_t chooseWitness(const Scenario& scenario, const std::vector<std::size_t>& steady);

inline constexpr std::uint64_t kMaxTriggerRequests = 16'000;
inline constexpr std::uint64_t kLongTriggerRequests = 2'000;  ///< above it the plan is brief

/// Whether an experiment of `most` requests would see too few units to conclude anything.
bool isTooRare(const Gauge& gauge, std::uint64_t most = kMaxTriggerRequests);

/// Requests of each measured block so that each gauge that is not too rare rises by kSureUnitsByChance units,
/// 100, 100 and 200 at least; `most` together when all are too rare.
std::vector<std::uint64_t> blocksFor(const std::vector<Gauge>& gauges,
                                     std::uint64_t most = kMaxTriggerRequests);

}  // namespace leakgate
