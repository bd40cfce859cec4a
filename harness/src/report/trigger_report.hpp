// The experiments after a finding, and their conclusions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "trigger/sentence.hpp"

namespace leakgate {

/// Growth of one finding in one experiment.
struct TriggerAmount {
  std::int64_t blocks = 0;
  std::int64_t bytes = 0;
};

/// One line of the table.
struct TriggerRow {
  std::string name;
  std::string step;  ///< "" for all steps together
  Variation variation = Variation::none;
  std::string problem;  ///< why nothing was measured; "" when it was
  std::uint64_t requests = 0;
  std::uint64_t connections = 0;
  std::uint64_t threads = 0;
  std::string responses;              ///< "200: 400"
  std::vector<TriggerAmount> growth;  ///< one per finding that was asked about, in the order of the
                                      ///< conclusions; empty when nothing was measured
};

struct TriggerResult {
  std::size_t finding = 0;  ///< its place among the report's findings
  std::string fingerprint;  ///< of the finding
  TriggerConclusion conclusion;
};

struct TriggerReport {
  double seconds = 0;
  bool complete = false;           ///< there was time for every planned experiment
  std::vector<std::string> notes;  ///< parts that could not be done, and why
  std::vector<TriggerResult> conclusions;
  std::vector<TriggerRow> experiments;
};

/// The report's row of an experiment.
TriggerRow rowOf(const TriggerExperiment& experiment, const Scenario& scenario);

/// The result for the finding at that place, or nullptr.
const TriggerResult* resultOf(const TriggerReport& trigger, std::size_t finding);

/// The tables, one line per experiment, indented by two: how each was run, then the growth per request of
/// every finding that was asked about, as many side by side as fit 80 columns.
std::string triggerTable(const TriggerReport& trigger);

}  // namespace leakgate
