// Requests to tiny_target.cpp, whose responses repeat them.
#pragma once

#include <string>

#include "scenario/check.hpp"
#include "scenario/scenario.hpp"

namespace leakgate {

/// `mode`: of the target.
inline Scenario tinyScenario(const std::string& mode) {
  Scenario s;
  s.name = "tiny";
  s.file = "tiny.json";
  s.target = {{TINY_TARGET, "{port}", mode}, "/health", {}, "/metrics"};
  s.load.connections = 2;
  s.load.warmup = 10;
  s.load.requests = 160;
  s.steps.resize(1);
  s.steps[0].name = "post";
  s.steps[0].method = "POST";
  s.steps[0].body = "b{i}";
  s.steps[0].expect = Expect{{200}, "b{i}"};
  checkScenario(s);
  return s;
}

}  // namespace leakgate
