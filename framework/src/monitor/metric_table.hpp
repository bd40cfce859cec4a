// Names of each Metric for people.
#pragma once

#include <array>
#include <string_view>

#include "h3http/monitor.hpp"

namespace h3 {

struct MetricName {
  std::string_view group;  ///< "event_pool"
  std::string_view name;   ///< "acquired": h3_event_pool_acquired_total, or event_pool.acquired in JSON
  bool counter;            ///< false: a gauge
  std::string_view help;
};

extern const std::array<MetricName, kMetricCount> kMetricNames;

}  // namespace h3
