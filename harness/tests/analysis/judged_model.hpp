// The analysis of a whole run over a modelled server.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "analysis/analyse.hpp"
#include "analysis/steering.hpp"
#include "simulated_run.hpp"

namespace leakgate {

inline Analysis judged(const ModelOf& modelOf, std::uint64_t seed, const SimulatedLoad& load,
                       RunRecord* kept = nullptr) {
  const auto model = modelOf(seed);
  RunRecord record = simulate(*model, load, fullSteering());
  Analysis analysis = analyse(record);
  if (kept != nullptr) *kept = std::move(record);
  return analysis;
}

/// A server that leaks, and what must be said of it.
struct Sick {
  std::string name;
  ModelOf model;
  Follows follows;
  double perEvent;  ///< for time: per second
  double tolerance = 0.02;
};

/// A server that does not.
struct Clean {
  std::string name;
  ModelOf model;
};

}  // namespace leakgate
