// How much memory the connections of a worker hold for their clients.
#pragma once

#include <cstddef>

namespace h3::server {

/// Counts unsent responses and unread uploads against the worker's share of LimitConfig::heldBytes.
///
/// Threads: one owner.
class MemoryBudget {
 public:
  MemoryBudget(std::size_t heldBytes, unsigned threads) : limit_(heldBytes / threads) {}

  /// A connection that held `before` bytes holds `now`.
  void change(std::size_t before, std::size_t now) { bytes_ += now - before; }
  std::size_t bytes() const { return bytes_; }
  bool isExceeded() const { return bytes_ > limit_; }

 private:
  std::size_t limit_;
  std::size_t bytes_ = 0;
};

}  // namespace h3::server
