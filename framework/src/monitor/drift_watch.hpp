// Checks a server's numbers once per window for drift. Pure: values and times in, drifts out.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "h3http/drift.hpp"
#include "monitor/growth_detector.hpp"
#include "monitor/monitor_state.hpp"
#include "monitor/shift_detector.hpp"

namespace h3 {

/// A route's counters over all workers, since the start.
struct RouteTotals {
  std::uint64_t requests = 0;
  std::uint64_t timed = 0;
  std::uint64_t log2Sum = 0;     ///< as in RouteRow
  std::uint64_t arenaBytes = 0;  ///< of the timed requests
};

/// The server's numbers at the end of a window.
struct WindowTotals {
  std::uint64_t nowNs = 0;              ///< monotonic
  std::span<const RouteTotals> routes;  ///< row 0: unmatched requests
  std::uint64_t liveBytes = 0;          ///< 0: unknown
  std::uint64_t connections = 0;        ///< open now
};

/// The detectors of one server, and what they have found so far.
///
/// Latency and allocation are judged per route, so a change of the request mix is no drift; a route's point
/// is the geometric mean over at least 32 timed requests, however many windows that takes. Lifetime: the
/// config and the names must outlive it; the drifts' views point into the names. Allocates: in the
/// constructor; sizeof(Route), 784 bytes a route. Threads: one owner.
class DriftWatch {
 public:
  static constexpr std::size_t kLeastTimed = 32;
  static constexpr std::size_t kMaxDrifts = 64;  ///< reported per window
  static constexpr std::size_t kIndexPoints = 48;

  DriftWatch(const MonitorConfig& config, std::span<const RouteName> names);

  /// Ends a window. The drifts found in it are valid until the next call.
  std::span<const Drift> window(const WindowTotals& totals);

  /// Values of a row for /metrics; all zero until there is enough data.
  Interval latencyChange(std::size_t row) const;  ///< share, recent against reference
  /// The trend per hour of how much slower handlers are than their references, weighted by the requests of
  /// each route.
  Trend latencyTrend() const;
  /// The heap's growth over the shortest horizon, bytes per second.
  Trend liveBytesTrend() const { return growth_.front().ready() ? growth_.front().trend() : Trend{}; }

 private:
  struct Route {
    RouteTotals before;                ///< at the start of the point
    std::uint64_t requestsBefore = 0;  ///< of all routes
    std::uint64_t beforeNs = 0;
    ShiftDetector latency;     // log2 of nanoseconds
    ShiftDetector allocation;  // log2 of bytes
  };

  void judgeRoute(std::size_t row, const RouteTotals& now, std::uint64_t requests, std::uint64_t nowNs);
  void judgeGrowth(const WindowTotals& totals);
  void add(const Drift& drift);
  Drift shiftDrift(DriftKind kind, std::size_t row, const Interval& shift, double before, double after) const;
  double latencyToleranceOf(const ShiftDetector& latency) const;
  void noteIndex(double seconds);

  const MonitorConfig& config_;
  std::span<const RouteName> names_;
  std::vector<Route> routes_;
  std::array<GrowthDetector, 2> growth_;
  std::vector<Drift> drifts_;
  double indexSum_ = 0;
  double indexWeight_ = 0;
  std::array<double, kIndexPoints> indexTimes_{};
  std::array<double, kIndexPoints> index_{};
  std::size_t indexSize_ = 0;
};

}  // namespace h3
