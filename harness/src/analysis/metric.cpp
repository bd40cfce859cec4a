#include "analysis/metric.hpp"

namespace leakgate {

std::string_view toString(MetricKind kind) {
  switch (kind) {
    case MetricKind::exact:
      return "exact";
    case MetricKind::spread:
      return "spread";
    case MetricKind::sampled:
      break;
  }
  return "sampled";
}

std::string_view toString(Direction direction) {
  switch (direction) {
    case Direction::lower:
      return "lower";
    case Direction::higher:
      return "higher";
    case Direction::none:
      break;
  }
  return "none";
}

}  // namespace leakgate
