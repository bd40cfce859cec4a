#include "monitor/route_times.hpp"

#include <new>

#include "monitor/fixed_log2.hpp"

namespace h3 {
namespace {

// When the budget is used up, half of a worker's time stamps are within this distance of the previous one.
constexpr std::uint64_t kMedianDistanceNs = 60'000;
// The distance between time stamps of a single busy route: the least of any route.
constexpr std::uint64_t kClosestNs = 240'000;
constexpr std::uint64_t kFarthestNs = 1'000'000'000;
constexpr std::uint64_t kMaxAbove = 2 * kFixedLog2One;  // 4 times
constexpr std::uint64_t kLevelWeight = 64;

}  // namespace

RouteTimes::RouteTimes(std::size_t routes, bool timed)
    : last_(std::min(routes, kMaxRoutes)),
      timed_(timed),
      rows_(static_cast<RouteRow*>(std::calloc(last_ + 1, sizeof(RouteRow)))) {
  if (rows_ == nullptr) throw std::bad_alloc();
}

// Source: Marsaglia, "Xorshift RNGs", J. Stat. Software 8 (2003).
std::uint32_t RouteTimes::random() {
  seed_ ^= seed_ << 13;
  seed_ ^= seed_ >> 17;
  seed_ ^= seed_ << 5;
  return seed_;
}

// All busy routes get the same share of the budget: the distance grows when they use more.
void RouteTimes::aim(std::uint64_t sinceLastNs) {
  const std::uint64_t step = distanceNs_ / 32;
  distanceNs_ = sinceLastNs < kMedianDistanceNs ? distanceNs_ + step : distanceNs_ - step;
  distanceNs_ = std::clamp(distanceNs_, kClosestNs, kFarthestNs);
}

RouteTiming RouteTimes::begin(std::uint32_t row, std::uint64_t nowNs) {
  row = static_cast<std::uint32_t>(std::min<std::size_t>(row, last_));
  RouteRow& begun = rows_.get()[row];
  const std::uint32_t stride = std::max<std::uint32_t>(begun.stride, 1);
  const std::uint64_t sinceRouteNs = nowNs - begun.lastTimedNs;
  aim(nowNs - lastTimedNs_);
  begun.lastTimedNs = lastTimedNs_ = nowNs;
  std::uint32_t next = stride;
  if (sinceRouteNs < distanceNs_ / 2) next = std::min(stride * 2, kMaxStride);
  if (sinceRouteNs > distanceNs_ * 2) next = std::max<std::uint32_t>(stride / 2, 1);
  begun.stride = next;
  // Distances of 1 to 2 * stride - 1, stride on average: a fixed one would follow patterns of the load.
  begun.untilTimed = next == 1 ? 0 : random() % (2 * next - 1);
  return {nowNs, row, stride};
}

void RouteTimes::end(const RouteTiming& timing, std::uint64_t nowNs, std::uint64_t arenaBytes) {
  RouteRow& ended = rows_.get()[timing.row];
  const std::uint64_t ns = std::max<std::uint64_t>(nowNs - timing.fromNs, 1);
  ended.latency.record(ns, timing.standsFor);
  const std::uint64_t log2Ns = fixedLog2(ns);
  if (ended.level == 0) ended.level = log2Ns * kLevelWeight;
  const std::uint64_t level = ended.level / kLevelWeight;
  const std::uint64_t counted = std::min(log2Ns, level + kMaxAbove);
  ended.level += counted - level;
  ended.log2Sum.add(counted);
  ended.arenaBytes.add(arenaBytes);
  ended.timed.add(1);
}

}  // namespace h3
