#include "simulated_server.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

namespace h3::test {
namespace {

constexpr std::array<SimulatedRoute, 4> kRoutes = {{
    {2'000, 0.2, 50, 0},         // row 0: what matches no route
    {40'000, 0.5, 2'000, 700},   //
    {3'000, 0.3, 5'000, 120},    //
    {900'000, 0.8, 300, 5'000},  //
}};
constexpr std::uint64_t kMaxTimed = 600;  // per window, as RouteTimes would
constexpr double kConnections = 200;

}  // namespace

SimulatedServer::SimulatedServer(std::uint64_t seed, Course course)
    : course_(std::move(course)), random_(seed), totals_(kRoutes.size()) {
  phase_ = std::uniform_real_distribution<double>(0, 15)(random_);
}

const std::vector<RouteName>& SimulatedServer::names() {
  static const std::vector<RouteName> all = {
      {"", ""}, {"GET", "/changing/:id"}, {"GET", "/small"}, {"POST", "/large"}};
  return all;
}

WindowTotals SimulatedServer::window() {
  seconds_ += kWindowSeconds;
  std::normal_distribution<double> normal;
  // 0.9 from window to window, and 1 % deviation in the long run.
  machine_ = 0.9 * machine_ + 0.01 * std::sqrt(1 - 0.81) * normal(random_);
  const double load = course_.load(seconds_);
  const double machine =
      course_.quiet ? 1 : std::exp(machine_) * std::pow(1.06, std::log2(std::max(load, 1.0)));
  for (std::size_t row = 0; row < totals_.size(); ++row) serve(row, load, machine);
  WindowTotals totals;
  totals.nowNs = 1'000'000'000 + static_cast<std::uint64_t>(seconds_ * 1e9);
  totals.routes = totals_;
  totals.liveBytes = liveBytes(load);
  totals.connections = static_cast<std::uint64_t>(connections_);
  return totals;
}

void SimulatedServer::serve(std::size_t row, double load, double machine) {
  const SimulatedRoute& route = kRoutes[row];
  const double mix = row == 3 ? course_.mix(seconds_) : 1;
  const double expected = route.requestsPerSecond * load * mix * kWindowSeconds;
  const std::uint64_t requests = std::poisson_distribution<std::uint64_t>(expected)(random_);
  const std::uint64_t timed = std::min(requests, kMaxTimed);
  const double factor = machine * (row == 1 ? course_.slowdown(seconds_) : 1);
  RouteTotals& totals = totals_[row];
  totals.requests += requests;
  totals.timed += timed;
  totals.log2Sum += static_cast<std::uint64_t>(65'536 * std::max(0.0, log2Sum(route, factor, timed)));
  const double meanBytes = route.arenaBytes * (row == 1 ? course_.allocation(seconds_) : 1);
  const double bytes = static_cast<double>(timed) * meanBytes + meanBytes / 4 * noise(timed);
  totals.arenaBytes += static_cast<std::uint64_t>(std::max(0.0, bytes));
}

// The deviation of a sum of so many values of deviation 1.
double SimulatedServer::noise(std::uint64_t count) {
  return std::sqrt(static_cast<double>(count)) * std::normal_distribution<double>()(random_);
}

// The logarithms of this many latencies, summed: lognormal ones exactly, then those that were unlucky.
double SimulatedServer::log2Sum(const SimulatedRoute& route, double factor, std::uint64_t count) {
  double sum = static_cast<double>(count) * std::log2(route.medianNs * factor) +
               route.sigma / std::log(2) * noise(count);
  if (course_.quiet) return sum;
  const auto unlucky = [&](double share) {
    return std::binomial_distribution<std::uint64_t>(count, share)(random_);
  };
  std::uniform_real_distribution<double> times(5, 50);
  for (std::uint64_t i = unlucky(0.005); i != 0; --i) sum += std::log2(times(random_));
  sum += static_cast<double>(unlucky(0.001)) * std::log2(1 + 3e6 / route.medianNs);
  if (std::fmod(seconds_, 30) < kWindowSeconds) sum += static_cast<double>(unlucky(0.1)) * std::log2(10.0);
  return sum;
}

std::uint64_t SimulatedServer::liveBytes(double load) {
  std::normal_distribution<double> normal;
  connections_ = std::max(1.0, kConnections * load * (1 + 0.02 * normal(random_)));
  const double lent = connections_ * 16 * 1024;
  pooled_ = std::max(lent, pooled_ - 0.02 * (pooled_ - lent / 2));
  const double base = 20.0 * 1024 * 1024;
  const double cache = 4.0 * 1024 * 1024 * (1 - std::exp(-seconds_ / 4));
  const double batch = 512.0 * 1024 * std::fmod(seconds_ + phase_, 15) / 15;
  const double inFlight = 64.0 * 1024 * std::abs(normal(random_));
  const double noise = course_.quiet ? 0 : batch + inFlight;
  return static_cast<std::uint64_t>(base + cache + pooled_ + noise + course_.leakedBytes(seconds_));
}

std::function<double(double)> bursts(std::uint64_t seed) {
  struct State {
    std::mt19937_64 random;
    double until = 0;
    double factor = 1;
  };
  const auto state = std::make_shared<State>(State{std::mt19937_64(seed * 7919 + 1)});
  return [state](double seconds) {
    if (seconds < state->until) return state->factor;
    const bool burst = state->factor == 1;
    std::uniform_real_distribution<double> length(burst ? 2 : 10, burst ? 15 : 50);
    std::uniform_real_distribution<double> height(3, 8);
    state->factor = burst ? height(state->random) : 1;
    state->until = seconds + length(state->random);
    return state->factor;
  };
}

}  // namespace h3::test
