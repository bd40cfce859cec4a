// One number of a run.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace leakgate {

/// exact: a count that was the same in every run, compared without tolerance. spread: a count that varied
/// (batches, queues, timers, collectors), compared with the range of repeated runs. sampled: depends on the
/// machine and the moment, compared by distribution and never from one run.
enum class MetricKind { exact, spread, sampled };

/// The better direction; none: for information, not judged unless a budget names it.
enum class Direction { lower, higher, none };

/// The range of repeated runs.
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
  std::optional<Spread> spread = {};  ///< when repeated runs did not agree

  friend bool operator==(const Metric&, const Metric&) = default;
};

std::string_view toString(MetricKind kind);
std::string_view toString(Direction direction);

}  // namespace leakgate
