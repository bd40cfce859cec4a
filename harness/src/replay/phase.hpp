// One phase of a replay, for Progress.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "replay/progress.hpp"

namespace leakgate {

/// Reports a phase's start and end to Progress, also when the phase throws. Lifetime: borrows the progress.
class Phase {
 public:
  Phase(Progress& progress, std::string name, std::uint64_t total = 0)
      : progress_(progress), name_(std::move(name)) {
    progress_.started(name_, total);
  }
  ~Phase() { progress_.finished(name_); }
  Phase(const Phase&) = delete;
  Phase& operator=(const Phase&) = delete;

 private:
  Progress& progress_;
  std::string name_;
};

}  // namespace leakgate
