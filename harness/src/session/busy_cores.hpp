// Load on the machine, on purpose.
#pragma once

#include <thread>
#include <vector>

namespace leakgate {

/// Keeps every core busy while it lives, with a thread each that computes and allocates nothing. What a
/// target counts under it and without it is what it counts wherever it runs.
class BusyCores {
 public:
  BusyCores();

 private:
  std::vector<std::jthread> threads_;
};

}  // namespace leakgate
