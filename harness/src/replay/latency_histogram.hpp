// Latencies in fixed memory.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <vector>

#include "replay/run_record.hpp"

namespace leakgate {

/// Counts of durations in log-linear classes: exact below 64 ns, then 64 classes per power of two, so that a
/// quantile is off by 0.8 % at most. Mean and maximum are exact. Values over 2^40 ns (18 minutes) count as
/// that. Memory: 18 KiB, fixed.
class LatencyHistogram {
 public:
  void add(std::uint64_t ns);

  std::uint64_t count() const { return count_; }
  double meanNs() const;
  double maxNs() const { return static_cast<double>(maxNs_); }

  /// The middle of the class that contains the q-quantile, 0 < q <= 1; 0 without values.
  double quantileNs(double q) const;

 private:
  static constexpr unsigned kSubBits = 6;
  static constexpr unsigned kMaxBits = 40;
  static constexpr std::size_t kClasses = (kMaxBits - kSubBits + 1) << kSubBits;

  static std::size_t classOf(std::uint64_t ns);
  static double middleOf(std::size_t index);

  std::array<std::uint64_t, kClasses> counts_{};
  std::uint64_t count_ = 0;
  std::uint64_t sumNs_ = 0;
  std::uint64_t maxNs_ = 0;
};

/// Latencies per step, of the most frequent steps; empty for a scenario of one step, or of aborts only.
/// Windows only where each has kStepWindowRequests. Memory: 18 KiB per step, and 18 KiB per window.
class StepLatencies {
 public:
  StepLatencies(const Scenario& scenario, std::uint64_t requests);

  /// `measured`: number of the request among the measured ones.
  void add(std::uint64_t measured, std::size_t step, std::uint64_t ns);

  std::vector<StepLatency> result() const;  ///< in the scenario's order, steps with responses

 private:
  struct Course {
    std::size_t step = 0;
    LatencyHistogram all;
    std::vector<LatencyHistogram> windows;
  };

  std::uint64_t requests_;
  std::vector<Course> courses_;
  std::vector<std::size_t> courseOf_;  ///< by step; courses_.size(): none
};

inline constexpr std::size_t kMaxTimedSteps = 32;
inline constexpr std::uint64_t kStepWindowRequests = 50;

/// Latencies of the measured requests: all together, and by windows of equal numbers of requests.
/// A request belongs to a window by its running number, so that the windows are the same in every run.
/// Requests of blocks that were added later count in the summary only.
class LatencyRecorder {
 public:
  /// `first` is the running number of the first measured request, `requests` how many were planned.
  LatencyRecorder(std::uint64_t first, std::uint64_t requests);
  /// The scenario's measured requests, step by step too.
  explicit LatencyRecorder(const Scenario& scenario);

  void add(std::uint64_t number, std::size_t step, std::uint64_t ns);

  LatencySummary summary() const;
  std::vector<StepLatency> steps() const;
  std::vector<LatencyWindow> windows() const;  ///< kLatencyWindows, or fewer when there are fewer requests

 private:
  std::uint64_t first_;
  std::uint64_t requests_;
  LatencyHistogram all_;
  std::vector<LatencyHistogram> windows_;
  std::optional<StepLatencies> steps_;
};

}  // namespace leakgate
