#include "analysis/finding.hpp"

namespace leakgate {

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
