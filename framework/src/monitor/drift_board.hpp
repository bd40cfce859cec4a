// Results of the monitor's thread, readable by any thread.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "h3http/drift.hpp"
#include "monitor/counter.hpp"
#include "monitor/rank_statistics.hpp"

namespace h3 {

/// An Interval with one writer and any readers. Its three numbers are written one after the other.
class PublishedInterval {
 public:
  void set(const Interval& value) {
    low_.set(std::bit_cast<std::uint64_t>(value.low));
    estimate_.set(std::bit_cast<std::uint64_t>(value.estimate));
    high_.set(std::bit_cast<std::uint64_t>(value.high));
  }
  Interval read() const {
    return {std::bit_cast<double>(low_.read()), std::bit_cast<double>(estimate_.read()),
            std::bit_cast<double>(high_.read())};
  }

 private:
  Counter low_;
  Counter estimate_;
  Counter high_;
};

/// A route that is shown on its own.
struct ShownRoute {
  Counter row;
  Counter alarms;
  PublishedInterval latencyChange;
};

/// Findings and process-wide gauges. At most kShown routes are shown individually, the first ones used, so
/// that the text of /metrics stays bounded and a series always belongs to the same route.
///
/// Threads: written by the monitor's thread, read by any.
class DriftBoard {
 public:
  static constexpr std::size_t kShown = 64;

  Counter& alarms(DriftKind kind) { return alarms_[static_cast<std::size_t>(kind)]; }
  const Counter& alarms(DriftKind kind) const { return alarms_[static_cast<std::size_t>(kind)]; }

  std::size_t shownCount() const { return shownCount_.read(); }
  const ShownRoute& shown(std::size_t index) const { return shown_[index]; }
  ShownRoute& shown(std::size_t index) { return shown_[index]; }
  /// The entry of this row; nullptr when the board is full and the row is not on it.
  ShownRoute* show(std::size_t row);

  PublishedInterval latencyTrend;    ///< share per hour
  PublishedInterval liveBytesTrend;  ///< bytes per second
  Counter heapLiveBytes;             ///< 0: the allocator does not report it
  Counter residentBytes;

 private:
  std::array<Counter, kDriftKinds> alarms_;
  std::array<ShownRoute, kShown> shown_;
  Counter shownCount_;
};

}  // namespace h3
