// One judged number of a run.
#pragma once

#include <string>
#include <string_view>

namespace leakgate {

/// exact: a count that depends on the program and the scenario only, compared without tolerance.
/// sampled: depends on the machine and the moment too, compared by distribution and never from one run.
enum class MetricKind { exact, sampled };

/// Which way is better; none: informs, is not judged unless a budget names it.
enum class Direction { lower, higher, none };

struct Metric {
  std::string name;  ///< "live_bytes_per_request", "scope.setContext.allocations_per_request" ...
  double value = 0;
  std::string unit;  ///< "B", "blocks", "ns", "ratio", "1" ...
  MetricKind kind = MetricKind::exact;
  Direction direction = Direction::lower;

  friend bool operator==(const Metric&, const Metric&) = default;
};

std::string_view toString(MetricKind kind);
std::string_view toString(Direction direction);

}  // namespace leakgate
