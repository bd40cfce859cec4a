// The value of a metric that a test expects.
#pragma once

#include <doctest/doctest.h>

#include <vector>

#include "analysis/metrics.hpp"

namespace leakgate {

/// Fails the test when there is no such metric.
inline double valueOf(const std::vector<Metric>& metrics, const char* name) {
  CAPTURE(name);
  const Metric* metric = findMetric(metrics, name);
  REQUIRE(metric != nullptr);
  return metric->value;
}

}  // namespace leakgate
