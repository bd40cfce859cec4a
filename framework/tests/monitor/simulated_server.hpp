// A server's numbers without a server: load, latencies and live bytes with the noise that real ones have, on
// a clock of its own.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <random>
#include <vector>

#include "monitor/drift_watch.hpp"
#include "monitor/monitor_state.hpp"

namespace h3::test {

struct SimulatedRoute {
  double medianNs;
  double sigma;  ///< of the logarithm
  double requestsPerSecond;
  double arenaBytes;
};

/// What is done to the server over time; each is a function of seconds since the start.
struct Course {
  std::function<double(double)> load = [](double) { return 1.0; };        ///< factor on all requests
  std::function<double(double)> slowdown = [](double) { return 1.0; };    ///< factor on route 1's latency
  std::function<double(double)> allocation = [](double) { return 1.0; };  ///< factor on route 1's arena bytes
  std::function<double(double)> leakedBytes = [](double) { return 0.0; };  ///< on top of the live bytes
  std::function<double(double)> mix = [](double) { return 1.0; };          ///< factor on route 3's requests
  bool quiet = false;  ///< no machine noise, no outliers: lognormal latencies only
};

/// Latencies are lognormal; one request in 200 is 5 to 50 times slower, one in 1,000 waits 3 ms more. The
/// machine as a whole wanders by some 1 % (AR(1) over seconds) and slows by 6 % per doubling of the load.
/// Every 30 s a pause makes a tenth of a window's requests ten times slower. Live bytes: 20 MiB, a cache that
/// fills in the first seconds, 16 KiB per connection (those follow the load, pools give back half of it
/// only), requests in flight, and a batch of up to 512 KiB that is dropped every 15 s.
class SimulatedServer {
 public:
  static constexpr double kWindowSeconds = 0.5;

  SimulatedServer(std::uint64_t seed, Course course);

  /// Lets a window pass.
  WindowTotals window();
  double seconds() const { return seconds_; }
  std::size_t rows() const { return totals_.size(); }
  static const std::vector<RouteName>& names();

 private:
  void serve(std::size_t row, double load, double machine);
  double noise(std::uint64_t count);
  double log2Sum(const SimulatedRoute& route, double factor, std::uint64_t count);
  std::uint64_t liveBytes(double load);

  Course course_;
  std::mt19937_64 random_;
  std::vector<RouteTotals> totals_;
  double seconds_ = 0;
  double machine_ = 0;
  double connections_ = 0;
  double pooled_ = 0;
  double phase_;  ///< of the batch
};

/// Factors on the load that come and go: bursts of 3 to 8 times, 2 to 15 s long, every half minute or so.
std::function<double(double)> bursts(std::uint64_t seed);

}  // namespace h3::test
