// Measures the growth per request in one replay of a scenario.
#pragma once

#include <cstdint>

#include "replay/run_record.hpp"
#include "trigger/gauge.hpp"

namespace leakgate {

/// Growth of one finding while a scenario was replayed.
struct MeasuredSlope {
  std::uint64_t requests = 0;
  double blocks = 0;  ///< per request
  double bytes = 0;
  bool rises = false;  ///< in every block
  bool exact = false;  ///< proportional to the last unit
};

MeasuredSlope slopeOf(const RunRecord& record, const Gauge& gauge);

}  // namespace leakgate
