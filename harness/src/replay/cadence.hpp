// Every so many requests of a block, something is done.
#pragma once

#include <cstdint>

namespace leakgate {

/// Threads: one owner.
class Cadence {
 public:
  /// `every`: in requests; 0: never.
  explicit Cadence(std::uint64_t every = 0) : every_(every), next_(every) {}

  /// A block begins.
  void restart() { next_ = every_; }

  /// Whether `done` requests of the block reach the next multiple; then the one after it is next.
  bool isDue(std::uint64_t done) {
    if (every_ == 0 || done < next_) return false;
    next_ = (done / every_ + 1) * every_;
    return true;
  }

 private:
  std::uint64_t every_;
  std::uint64_t next_;
};

}  // namespace leakgate
