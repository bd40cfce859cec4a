// The smallest scenario that grows as the whole one does.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "scenario/scenario.hpp"
#include "trigger/measured_slope.hpp"

namespace leakgate {

/// What is left, and how much there was.
struct MinimalScenario {
  Scenario scenario;
  MeasuredSlope slope;
  unsigned runs = 0;
  /// Requests that a client has to send over one connection for the growth to come, 1 to
  /// kMaxRequestsByHand; 0: more, several steps, or not tried.
  unsigned requestsByHand = 0;
  bool exhausted = false;  ///< runs or time ended the search: it may not be the smallest
};

inline constexpr unsigned kMaxRequestsByHand = 3;

/// Replays a candidate; nothing when that failed (the target died, no answer). May throw Interrupted.
using SlopeOracle = std::function<std::optional<MeasuredSlope>(const Scenario&)>;

/// Says whether another run may be made.
using RunAllowance = std::function<bool(unsigned runs)>;

/// Takes away, as long as the growth stays: connections and their variety, then steps, version and method,
/// placeholders ({i}), headers, query parameters, body. Steps may go as long as the slope per request does
/// not fall; what is in a request, as long as the blocks per request stay as they are (or, `byBytes`, some
/// bytes are added by each).
///
/// Nothing when the whole scenario does not grow. Pure but for the oracle.
std::optional<MinimalScenario> minimize(const Scenario& whole, bool byBytes, const SlopeOracle& oracle,
                                        const RunAllowance& allowed);

}  // namespace leakgate
