#include "report/report.hpp"

namespace leakgate {

std::string_view toString(Depth depth) {
  switch (depth) {
    case Depth::none:
      return "none";
    case Depth::count:
      return "count";
    case Depth::sites:
      return "sites";
    case Depth::stacks:
      break;
  }
  return "stacks";
}

std::string_view toString(LookEnd end) {
  switch (end) {
    case LookEnd::requests:
      return "requests";
    case LookEnd::time:
      return "time";
    case LookEnd::safety:
      return "safety";
    case LookEnd::decided:
      break;
  }
  return "decided";
}

std::string_view toString(RunEnd end) {
  switch (end) {
    case RunEnd::targetFailed:
      return "target failed";
    case RunEnd::outOfTime:
      return "out of time";
    case RunEnd::interrupted:
      return "interrupted";
    case RunEnd::whole:
      break;
  }
  return "whole";
}

std::string_view toString(Confirmed confirmed) {
  switch (confirmed) {
    case Confirmed::yes:
      return "yes";
    case Confirmed::no:
      return "no";
    case Confirmed::notAsked:
      break;
  }
  return "not asked";
}

}  // namespace leakgate
