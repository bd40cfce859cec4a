#include "report/verdict.hpp"

namespace leakgate {

namespace {

int rank(Outcome outcome) {
  switch (outcome) {
    case Outcome::badInput:
      return 4;
    case Outcome::cannotMeasure:
      return 3;
    case Outcome::fail:
      return 2;
    case Outcome::timesOnly:
      return 1;
    case Outcome::pass:
      break;
  }
  return 0;
}

}  // namespace

std::string_view toString(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass:
      return "pass";
    case Outcome::timesOnly:
      return "times only";
    case Outcome::fail:
      return "fail";
    case Outcome::badInput:
      return "bad input";
    case Outcome::cannotMeasure:
      break;
  }
  return "cannot measure";
}

int exitCodeOf(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass:
    case Outcome::timesOnly:
      return 0;
    case Outcome::fail:
      return 1;
    case Outcome::badInput:
      return 2;
    case Outcome::cannotMeasure:
      break;
  }
  return 3;
}

Outcome worse(Outcome a, Outcome b) { return rank(a) >= rank(b) ? a : b; }

}  // namespace leakgate
