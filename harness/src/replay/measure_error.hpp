// Thrown when the measurement itself failed: exit code 3.
#pragma once

#include <stdexcept>

namespace leakgate {

/// The target died, never became ready, sent no response, or the shim did not load. The message says which,
/// and what to do.
class MeasureError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The measurement ended early; what was counted until then is valid.
class EndedEarly : public MeasureError {
 public:
  using MeasureError::MeasureError;
};

/// The target died, no longer responds, or accepts no connections.
class TargetFailed : public EndedEarly {
 public:
  using EndedEarly::EndedEarly;
};

/// The time that the run may take is over.
class OutOfTime : public EndedEarly {
 public:
  using EndedEarly::EndedEarly;
};

/// The user asked to stop (Ctrl-C).
class Interrupted : public EndedEarly {
 public:
  Interrupted() : EndedEarly("interrupted") {}
};

}  // namespace leakgate
