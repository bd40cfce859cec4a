#include "report/verdict.hpp"

namespace leakgate {

namespace {

int rank(Outcome outcome) {
  switch (outcome) {
    case Outcome::badInput:
      return 3;
    case Outcome::cannotMeasure:
      return 2;
    case Outcome::fail:
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
    case Outcome::fail:
      return "fail";
    case Outcome::badInput:
      return "bad input";
    case Outcome::cannotMeasure:
      break;
  }
  return "cannot measure";
}

Outcome worse(Outcome a, Outcome b) { return rank(a) >= rank(b) ? a : b; }

}  // namespace leakgate
