// One judged number of a run.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace leakgate {

/// exact: a count that was the same in every run that was made of it, compared without tolerance.
/// spread: a count that was not (batches, queues, timers, collectors), compared with what repeated runs gave.
/// sampled: depends on the machine and the moment, compared by distribution and never from one run.
enum class MetricKind { exact, spread, sampled };

/// Which way is better; none: informs, is not judged unless a budget names it.
enum class Direction { lower, higher, none };

/// Where repeated runs of the same thing lay.
struct Spread {
  unsigned runs = 0;
  double low = 0;
  double high = 0;

  friend bool operator==(const Spread&, const Spread&) = default;
};

struct Metric {
  std::string name;  ///< "live_bytes_per_request", "scope.setContext.allocations_per_request" ...
  double value = 0;
  std::string unit;  ///< "B", "blocks", "ns", "ratio", "1" ...
  MetricKind kind = MetricKind::exact;
  Direction direction = Direction::lower;
  std::optional<Spread> spread = {};  ///< when runs were repeated and did not agree

  friend bool operator==(const Metric&, const Metric&) = default;
};

std::string_view toString(MetricKind kind);
std::string_view toString(Direction direction);

}  // namespace leakgate
