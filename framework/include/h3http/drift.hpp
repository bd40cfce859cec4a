// Drift: what the built-in monitor reports when a server gets slower, allocates more, or grows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace h3 {

enum class DriftKind : std::uint8_t {
  latency,     ///< a route's handler takes longer
  allocation,  ///< a route takes more bytes from the arena per request
  liveBytes    ///< the heap keeps growing
};
inline constexpr std::size_t kDriftKinds = 3;

/// "latency", "allocation", "live_bytes".
std::string_view toString(DriftKind kind) noexcept;

/// One change for the worse.
///
/// Lifetime: the views are valid as long as the server.
struct Drift {
  DriftKind kind = DriftKind::latency;
  std::string_view method;  ///< "GET"; "" for liveBytes and for requests that matched no route
  std::string_view route;   ///< pattern; "" likewise
  std::size_t row = 0;      ///< of RouteTimes; 0 for those two
  double before = 0;        ///< nanoseconds (geometric mean), arena bytes per request, or live bytes
  double after = 0;         ///< the same, since the change
  double change = 0;        ///< after / before - 1
  double changeLow = 0;     ///< one-sided 99.9 % bounds of the change
  double changeHigh = 0;
  double bytesPerSecond = 0;     ///< liveBytes: the slope; otherwise 0
  double bytesPerSecondLow = 0;  ///< its bounds
  double bytesPerSecondHigh = 0;
  double seconds = 0;  ///< how long the change has been watched
};

/// As one line of a log, without newline: "drift: GET /users/:id takes 10.1 % longer (...)".
std::string toString(const Drift& drift);

/// Called on the monitor's own thread, one call at a time: it may block, but must not touch objects of a
/// worker (events, arenas) and must do its own locking. Its exceptions are logged.
using DriftHook = std::function<void(const Drift&)>;

/// The built-in monitor: which changes are reported, and how.
struct MonitorConfig {
  bool enabled = true;                       ///< false: no thread, no time stamps per request; counters stay
  std::uint32_t windowMs = 500;              ///< detectors see averages over this. 10 to 60,000
  double latencyTolerance = 0.05;            ///< a handler may get slower by this share. 0.01 to 10
  std::uint32_t latencyToleranceNs = 1'000;  ///< and by this. Up to 1 s
  double allocationTolerance = 0.20;         ///< a route may take this share more of the arena. 0.01 to 10
  std::size_t growthToleranceBytes =
      64 * 1024;                         ///< live bytes may grow by this over 39 windows, and over 624
  std::uint32_t logIntervalMs = 10'000;  ///< at most one line of log in this time; 0: none at all
  DriftHook onDrift;                     ///< called for each drift, whatever is logged
};

}  // namespace h3
