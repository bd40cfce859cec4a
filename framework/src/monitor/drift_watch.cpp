#include "monitor/drift_watch.hpp"

#include <algorithm>
#include <cmath>

namespace h3 {
namespace {

// The second horizon of live bytes is this many times the first: it finds slower leaks.
constexpr std::size_t kLongHorizon = 16;

double log2Mean(const RouteTotals& delta) {
  return static_cast<double>(delta.log2Sum) / 65'536.0 / static_cast<double>(delta.timed);
}

double secondsOf(std::uint64_t ns) { return static_cast<double>(ns) * 1e-9; }

RouteTotals operator-(const RouteTotals& now, const RouteTotals& before) {
  return {now.requests - before.requests, now.timed - before.timed, now.log2Sum - before.log2Sum,
          now.arenaBytes - before.arenaBytes};
}

}  // namespace

DriftWatch::DriftWatch(const MonitorConfig& config, std::span<const RouteName> names)
    : config_(config),
      names_(names),
      routes_(names_.size()),
      growth_{GrowthDetector(1, static_cast<double>(config.growthToleranceBytes)),
              GrowthDetector(kLongHorizon, static_cast<double>(config.growthToleranceBytes))} {
  drifts_.reserve(kMaxDrifts);
}

std::span<const Drift> DriftWatch::window(const WindowTotals& totals) {
  drifts_.clear();
  std::uint64_t requests = 0;
  for (const RouteTotals& route : totals.routes) requests += route.requests;
  indexSum_ = indexWeight_ = 0;
  const std::size_t rows = std::min(routes_.size(), totals.routes.size());
  for (std::size_t row = 0; row < rows; ++row) judgeRoute(row, totals.routes[row], requests, totals.nowNs);
  if (indexWeight_ > 0) noteIndex(secondsOf(totals.nowNs));
  if (totals.liveBytes != 0) judgeGrowth(totals);
  return drifts_;
}

void DriftWatch::judgeRoute(std::size_t row, const RouteTotals& now, std::uint64_t requests,
                            std::uint64_t nowNs) {
  Route& route = routes_[row];
  const RouteTotals delta = now - route.before;
  if (delta.timed < kLeastTimed) return;
  const double load =
      static_cast<double>(requests - route.requestsBefore) / secondsOf(nowNs - route.beforeNs);
  route.before = now;
  route.requestsBefore = requests;
  route.beforeNs = nowNs;
  const double latency = log2Mean(delta);
  const double bytes = static_cast<double>(delta.arenaBytes) / static_cast<double>(delta.timed);
  // An alarm resets the detector, so read the levels before.
  const double latencyBefore = route.latency.reference();
  const double bytesBefore = route.allocation.reference();
  if (const auto shift = route.latency.add(latency, load, latencyToleranceOf(route.latency)))
    add(shiftDrift(DriftKind::latency, row, *shift, std::exp2(latencyBefore),
                   std::exp2(latencyBefore + shift->estimate)));
  // Plus one byte, so that a route without any has a logarithm too.
  if (const auto shift =
          route.allocation.add(std::log2(bytes + 1), 0, std::log2(1 + config_.allocationTolerance)))
    add(shiftDrift(DriftKind::allocation, row, *shift, std::exp2(bytesBefore) - 1,
                   std::exp2(bytesBefore + shift->estimate) - 1));
  if (!route.latency.ready()) return;
  indexSum_ += static_cast<double>(delta.requests) * (latency - route.latency.reference());
  indexWeight_ += static_cast<double>(delta.requests);
}

double DriftWatch::latencyToleranceOf(const ShiftDetector& latency) const {
  const double floorShare =
      static_cast<double>(config_.latencyToleranceNs) / std::max(std::exp2(latency.reference()), 1.0);
  return std::log2(1 + std::max(config_.latencyTolerance, floorShare));
}

void DriftWatch::judgeGrowth(const WindowTotals& totals) {
  const auto bytes = static_cast<double>(totals.liveBytes);
  bool told = false;
  for (GrowthDetector& detector : growth_) {
    const auto growth = detector.add(secondsOf(totals.nowNs), bytes, static_cast<double>(totals.connections));
    if (!growth || told) continue;
    told = true;
    Drift drift;
    drift.kind = DriftKind::liveBytes;
    drift.before = growth->beforeBytes;
    drift.after = growth->afterBytes;
    const double before = std::max(growth->beforeBytes, 1.0);
    drift.change = growth->bytesPerSecond.estimate * growth->seconds / before;
    drift.changeLow = growth->bytesPerSecond.low * growth->seconds / before;
    drift.changeHigh = growth->bytesPerSecond.high * growth->seconds / before;
    drift.bytesPerSecond = growth->bytesPerSecond.estimate;
    drift.bytesPerSecondLow = growth->bytesPerSecond.low;
    drift.bytesPerSecondHigh = growth->bytesPerSecond.high;
    drift.seconds = growth->seconds;
    add(drift);
  }
}

Drift DriftWatch::shiftDrift(DriftKind kind, std::size_t row, const Interval& shift, double before,
                             double after) const {
  Drift drift;
  drift.kind = kind;
  drift.row = row;
  drift.method = names_[row].method;
  drift.route = names_[row].pattern;
  drift.before = before;
  drift.after = after;
  drift.change = std::exp2(shift.estimate) - 1;
  drift.changeLow = std::exp2(shift.low) - 1;
  drift.changeHigh = std::exp2(shift.high) - 1;
  drift.seconds = static_cast<double>(ShiftDetector::kRecent * config_.windowMs) / 1000;
  return drift;
}

void DriftWatch::add(const Drift& drift) {
  if (drifts_.size() < kMaxDrifts) drifts_.push_back(drift);
}

Interval DriftWatch::latencyChange(std::size_t row) const {
  const ShiftDetector& latency = routes_[row].latency;
  if (!latency.ready()) return {};
  const Interval shift = latency.shift();
  return {std::exp2(shift.low) - 1, std::exp2(shift.estimate) - 1, std::exp2(shift.high) - 1};
}

void DriftWatch::noteIndex(double seconds) {
  if (indexSize_ == kIndexPoints) {
    std::move(indexTimes_.begin() + 1, indexTimes_.end(), indexTimes_.begin());
    std::move(index_.begin() + 1, index_.end(), index_.begin());
    --indexSize_;
  }
  indexTimes_[indexSize_] = seconds / 3600;
  index_[indexSize_] = std::exp2(indexSum_ / indexWeight_) - 1;
  ++indexSize_;
}

Trend DriftWatch::latencyTrend() const {
  constexpr std::size_t kLeastPoints = 8;  // with fewer its interval is unbounded
  if (indexSize_ < kLeastPoints) return {};
  return theilSenTrend(std::span(indexTimes_).first(indexSize_), std::span(index_).first(indexSize_), 1.96);
}

}  // namespace h3
