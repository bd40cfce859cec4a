// Finds what growth follows: the client's count that it is proportional to.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/finding.hpp"
#include "analysis/growth_series.hpp"
#include "replay/run_record.hpp"

namespace leakgate {

/// A count that growth could follow.
struct Driver {
  Follows follows = Follows::request;
  std::string step;      ///< "" when it is not one step's
  Work work;             ///< cumulative at the checkpoints, first 0
  bool oneStep = false;  ///< it is the count of `step`, not another count that equals it
};

/// Every count of the run that changed, in order of preference: when growth is proportional to several, the
/// first one is named. Order: requests, connections, disconnects, errors, each step, threads.
std::vector<Driver> driversOf(const RunRecord& record);

/// Removes "follows threads", which would explain threads, and what comes with them, by themselves.
void dropThreads(std::vector<Driver>& drivers);

/// A driver that growth is proportional to.
struct Cause {
  Driver driver;
  bool exact = false;  ///< to the last unit; otherwise within kNearTolerance
};

/// The driver that explains the series: an exact one; then two steps together, each with its own share
/// ("login, logout"); then an approximate one, which never names a step. Nothing when the series is not
/// proportional to any. `unit` is the size of a step of the series, see exactlyProportional().
std::optional<Cause> causeOf(const Series& series, const std::vector<Driver>& drivers, std::int64_t unit = 1);

}  // namespace leakgate
