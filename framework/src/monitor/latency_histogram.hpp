// Counts durations in buckets.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "monitor/counter.hpp"

namespace h3 {

/// Latencies in nanoseconds, in buckets of 1/8 of a power of two (at most 12.5 % wide), up to 68 s.
///
/// Threads: one writer, any readers.
class LatencyHistogram {
 public:
  static constexpr std::size_t kSubBits = 3;
  static constexpr std::size_t kBuckets = (36 - kSubBits + 1) << kSubBits;

  void record(std::uint64_t ns, std::uint64_t count = 1);
  std::uint64_t bucket(std::size_t index) const { return counts_[index].read(); }
  std::uint64_t sumNs() const { return sumNs_.read(); }
  static std::size_t bucketOf(std::uint64_t ns);
  static std::uint64_t upperBoundNs(std::size_t index);  ///< exclusive

 private:
  std::array<Counter, kBuckets> counts_;
  Counter sumNs_;
};

/// Several histograms read as one, at one moment.
class LatencyCounts {
 public:
  void add(const LatencyHistogram& histogram);
  std::uint64_t count() const { return count_; }
  std::uint64_t sumNs() const { return sumNs_; }
  std::uint64_t bucket(std::size_t index) const { return counts_[index]; }
  /// Upper bound of the bucket that holds this quantile (0 to 1), 0 when nothing was recorded.
  std::uint64_t quantileNs(double quantile) const;

 private:
  std::array<std::uint64_t, LatencyHistogram::kBuckets> counts_{};
  std::uint64_t count_ = 0;
  std::uint64_t sumNs_ = 0;
};

}  // namespace h3
