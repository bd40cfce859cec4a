// One worker's counts per route: requests, handler times, bytes from arenas.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <type_traits>

#include "monitor/counter.hpp"
#include "monitor/latency_histogram.hpp"

namespace h3 {

/// One route's numbers in one worker. Only some requests are timed: see RouteTimes.
struct RouteRow {
  Counter requests;    ///< all of them
  Counter timed;       ///< those that were timed
  Counter log2Sum;     ///< over the timed ones, log2(ns) in units of 1/65,536: see RouteTimes
  Counter arenaBytes;  ///< over the timed ones, bytes taken from the event's arena
  // Used only by the writer.
  std::uint64_t level = 0;  ///< EWMA of the values in log2Sum, times 64; 0 before the first
  std::uint64_t lastTimedNs = 0;
  std::uint32_t untilTimed = 0;  ///< requests before the next timed one
  std::uint32_t stride = 0;      ///< one in so many is timed; 0 means 1

  LatencyHistogram latency;  ///< each timed request counts for all requests that it represents
};
static_assert(std::is_trivially_destructible_v<RouteRow> && std::is_trivially_copyable_v<RouteRow>);
static_assert(sizeof(RouteRow) == 2240);  // as the documentation says

/// A request on its way through a handler. All zero: not timed.
struct RouteTiming {
  std::uint64_t fromNs = 0;
  std::uint32_t row = 0;
  std::uint32_t standsFor = 0;
};

/// Requests, handler times and arena bytes per route of one worker.
///
/// Reading the clock twice costs more than the rest of a small request, so on a busy route only one request
/// in `stride` is timed, at random distances; a lone request is always timed. The stride follows the load, so
/// that a worker reads the clock at most some 10,000 times a second.
///
/// log2Sum is for the drift detectors: the geometric mean of the handler's times, each limited to four times
/// the usual one (winsorised), so that occasional preemption for milliseconds does not look like a slow
/// handler. The histogram has the unmodified times.
///
/// Row 0 counts unmatched requests; row i + 1 is route i. Routes beyond kMaxRoutes share the last row.
/// Memory: sizeof(RouteRow) = 2,240 bytes per route, from zeroed pages: only routes that were used take any.
/// Allocates: in the constructor. Threads: one writer, any readers of the Counters.
class RouteTimes {
 public:
  static constexpr std::size_t kMaxRoutes = 4096;
  static constexpr std::uint32_t kMaxStride = 256;

  /// Errors: std::bad_alloc.
  explicit RouteTimes(std::size_t routes, bool timed = true);

  std::size_t rows() const { return last_ + 1; }
  const RouteRow& row(std::size_t index) const { return rows_.get()[index]; }

  /// Counts a request. Returns true when it must be timed: then call begin() and, at its end, end().
  bool count(std::uint32_t row) {
    RouteRow& counted = at(row);
    counted.requests.add(1);
    if (counted.untilTimed != 0) [[likely]] {
      --counted.untilTimed;
      return false;
    }
    return timed_;
  }
  RouteTiming begin(std::uint32_t row, std::uint64_t nowNs);
  void end(const RouteTiming& timing, std::uint64_t nowNs, std::uint64_t arenaBytes);

 private:
  struct Freed {
    void operator()(RouteRow* rows) const { std::free(rows); }
  };

  RouteRow& at(std::uint32_t row) { return rows_.get()[std::min<std::size_t>(row, last_)]; }
  std::uint32_t random();
  void aim(std::uint64_t sinceLastNs);

  std::size_t last_;
  bool timed_;
  std::uint32_t seed_ = 2463534242;
  std::uint64_t lastTimedNs_ = 0;  ///< of any route
  std::uint64_t distanceNs_ = 0;   ///< target distance between two time stamps of one route
  std::unique_ptr<RouteRow, Freed> rows_;
};

}  // namespace h3
