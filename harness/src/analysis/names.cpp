// Names as the report writes them.
#include "analysis/finding.hpp"
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

std::string_view toString(Follows follows) {
  switch (follows) {
    case Follows::request:
      return "request";
    case Follows::connection:
      return "connection";
    case Follows::disconnect:
      return "disconnect";
    case Follows::error:
      return "error";
    case Follows::thread:
      return "thread";
    case Follows::time:
      return "time";
    case Follows::unknown:
      break;
  }
  return "unknown";
}

std::string_view toString(Pattern pattern) {
  switch (pattern) {
    case Pattern::flat:
      return "flat";
    case Pattern::linear:
      return "linear";
    case Pattern::slow:
      return "slow";
    case Pattern::stepped:
      return "stepped";
    case Pattern::bounded:
      return "bounded";
    case Pattern::oneOff:
      return "one-off";
    case Pattern::sawtooth:
      return "sawtooth";
    case Pattern::givenBack:
      break;
  }
  return "given-back";
}

}  // namespace leakgate
