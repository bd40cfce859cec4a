// How many connections are served at a time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace h3::server {

/// Large, as long as responses are quick: within a batch the first response waits for all others, but should
/// not wait longer than kLongNs.
///
/// Threads: one owner.
class BatchSize {
 public:
  static constexpr std::size_t kMaxConnections = 32;
  static constexpr std::uint64_t kLongNs = 2'000'000;

  std::size_t now() const { return now_; }

  /// Adapts to a batch of `connections` that took `elapsedNs`.
  void record(std::size_t connections, std::uint64_t elapsedNs) {
    if (elapsedNs > kLongNs) [[unlikely]] {
      now_ = std::clamp<std::size_t>(connections * kLongNs / elapsedNs, 1, kMaxConnections);
    } else if (now_ < kMaxConnections && elapsedNs < kLongNs / 4) {
      now_ = std::min(kMaxConnections, now_ * 2);
    }
  }

 private:
  std::size_t now_ = kMaxConnections;
};

}  // namespace h3::server
