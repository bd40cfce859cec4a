// The measurement itself failed: exit code 3.
#pragma once

#include <stdexcept>

namespace leakgate {

/// The target died, never became ready, gave no answer, or the shim did not load. The message says which, and
/// what to do.
class MeasureError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The user asked to stop (Ctrl-C).
class Interrupted : public MeasureError {
 public:
  Interrupted() : MeasureError("interrupted") {}
};

}  // namespace leakgate
