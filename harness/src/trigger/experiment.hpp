// The table of experiments, and how growth is read from it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "replay/run_record.hpp"
#include "trigger/gauge.hpp"
#include "trigger/variation.hpp"

namespace leakgate {

inline constexpr std::size_t kAllSteps = static_cast<std::size_t>(-1);

/// One experiment and its results. Counts are over its measured blocks.
struct TriggerExperiment {
  std::string name;  ///< "login, HTTP/1.0"
  std::size_t step = kAllSteps;
  Variation variation = Variation::none;
  std::string field;         ///< of withoutField and withField: the header field's name
  std::string problem;       ///< why nothing was measured; "" on success
  unsigned concurrency = 1;  ///< connections of the load
  unsigned pipeline = 1;     ///< requests in flight on each
  std::uint64_t requests = 0;
  std::uint64_t connections = 0;  ///< opened
  std::uint64_t threads = 0;      ///< of the target, with their first allocation
  std::map<int, std::uint64_t> statuses;
  Work work;                         ///< requests at each checkpoint, the first 0
  std::vector<GrowthCourse> growth;  ///< of each gauge

  bool measured() const { return problem.empty(); }
  /// The common status of all responses, if it is an error; else 0.
  int errorStatus() const;
};

/// Fills in the counts and the growth. `gauges` in the order of `growth`.
void readExperiment(TriggerExperiment& experiment, const RunRecord& record, const std::vector<Gauge>& gauges);

/// Whether each block has its exact share: whole units per request, or one per N requests. 397 in 400 is
/// neither.
bool isExactShare(const Series& series, const Work& work, std::int64_t unit);

/// How much of the expected growth an experiment shows.
enum class Presence {
  absent,   ///< next to nothing, although enough was expected
  partial,  ///< less than half
  full,
  unclear  ///< next to nothing, but little was expected, or blocks of earlier requests were freed
};

/// The growth of a step alone, as the reference for its variations.
struct ExpectedGrowth {
  double perRequest = 0;  ///< units
  bool exact = false;     ///< the same in each block: no chance involved
};

/// All experiments, seen by one gauge. Lifetime: borrows both.
class TriggerTable {
 public:
  TriggerTable(const std::vector<TriggerExperiment>& experiments, std::size_t gauge, const Gauge& of)
      : experiments_(experiments), gauge_(gauge), of_(of) {}

  const std::vector<TriggerExperiment>& experiments() const { return experiments_; }
  const Gauge& gauge() const { return of_; }

  /// The first measured experiment of its kind, or nullptr.
  const TriggerExperiment* find(std::size_t step, Variation variation, const std::string& field = "") const;

  const GrowthCourse& course(const TriggerExperiment& experiment) const { return experiment.growth[gauge_]; }
  const Series& units(const TriggerExperiment& experiment) const;  ///< above the first checkpoint
  std::int64_t rise(const TriggerExperiment& experiment) const;    ///< units, the whole experiment
  double rate(const TriggerExperiment& experiment) const;          ///< units per request
  bool isExact(const TriggerExperiment& experiment, const Work& work) const;

  /// For a step alone: it rises by at least kClearUnits, in at least two blocks and in all but one.
  bool growsAlone(const TriggerExperiment& experiment) const;
  /// For a step alone: it rises, but not steadily.
  bool risesUnevenly(const TriggerExperiment& experiment) const;

  /// Whether the count is negative or falls clearly in a block: blocks of earlier experiments were freed, and
  /// what the experiment's own requests left is not known.
  bool falls(const TriggerExperiment& experiment) const;

  /// Never absent when it falls; where another experiment falls clearly, only when the count never changes.
  Presence presence(const TriggerExperiment& experiment, const ExpectedGrowth& expected) const;
  bool isPresent(const TriggerExperiment& experiment, const ExpectedGrowth& expected) const;

  /// Whether they grow by different amounts per request, beyond chance: in units, or in bytes.
  bool unitsDiffer(const TriggerExperiment& a, const TriggerExperiment& b) const;
  bool bytesDiffer(const TriggerExperiment& a, const TriggerExperiment& b) const;

 private:
  bool fallsClearly(const TriggerExperiment& experiment) const;
  bool isObscured(const TriggerExperiment& experiment) const;
  double tolerance(const TriggerExperiment& a, const TriggerExperiment& b) const;

  const std::vector<TriggerExperiment>& experiments_;
  const std::size_t gauge_;
  const Gauge& of_;
};

inline constexpr std::int64_t kClearUnits = 3;
/// Below this share of a step's growth alone, a rise has another cause: a first-time allocation, a pool's
/// last block.
inline constexpr double kNothingShare = 0.05;
/// Expected units for which the absence of all is a proof: with exact shares per block, and where chance
/// decides (of eight, at most one occurs in three of a thousand experiments).
inline constexpr double kSureUnitsExact = 4;
inline constexpr double kSureUnitsByChance = 8;
/// Standard deviations by which two random counts may differ.
inline constexpr double kChanceDeviations = 5;

}  // namespace leakgate
