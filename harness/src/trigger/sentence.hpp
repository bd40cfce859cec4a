// Puts the conclusion about one finding into words, for people and for the report.
#pragma once

#include <string>

#include "trigger/inference.hpp"

namespace leakgate {

struct TriggerConclusion {
  Follows follows = Follows::unknown;
  std::string event;      ///< "abort after the headers", "HTTP/1.0 request"; "" when unknown
  std::string condition;  ///< "only when concurrent (0 in 400 alone, 37 in 400 with 8 connections)"; several
                          ///< with ", " between; ""
  double blocksPerEvent = 0;
  double bytesPerEvent = 0;
  std::uint64_t events = 0;
  bool exact = false;           ///< the same in each block
  double bytesPerBodyByte = 0;  ///< of the request's body; 0 when it does not depend on it
  bool agrees = false;          ///< with the mixed run
  std::string text;             ///< one sentence
};

/// `experiments` as run, `gauge` the index of the finding's among the gauges. Pure.
TriggerConclusion conclude(const Scenario& scenario, const Finding& mixed,
                           const std::vector<TriggerExperiment>& experiments, std::size_t gauge,
                           const Gauge& of);

/// For a finding without experiments: "not asked: a slowdown shows only in a long run".
TriggerConclusion notAsked(const std::string& reason);

std::string eventWords(const Scenario& scenario, const TriggerInference& inference);
std::string conditionWords(const TriggerTable& table, const TriggerInference& inference);

}  // namespace leakgate
