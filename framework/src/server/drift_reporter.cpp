#include "server/drift_reporter.hpp"

#include <algorithm>
#include <exception>
#include <string>

#include "app/log.hpp"
#include "monitor/drift_board.hpp"

namespace h3::server {

DriftReporter::DriftReporter(MonitorState& monitor, const MonitorConfig& config)
    : monitor_(monitor),
      config_(config),
      watch_(config, monitor_.names()),
      routes_(monitor_.names().size()) {}

void DriftReporter::endWindow(std::uint64_t nowNs) {
  WindowTotals totals;
  totals.nowNs = nowNs;
  totals.liveBytes = readRoutes() + heapLiveBytesOfProcess();
  totals.routes = routes_;
  const std::uint64_t closed = monitor_.total(Metric::connectionsClosed);
  totals.connections = monitor_.total(Metric::connectionsAccepted) - closed;
  const std::span<const Drift> drifts = watch_.window(totals);
  publish(totals);
  report(drifts);
  log(nowNs);
}

// Sums the routes over the workers; returns the live bytes of heaps that belong to one thread each. A request
// that ends between two of these reads is counted in only one of them: one in many thousands of the
// detectors' points is wrong, which does not affect their medians.
std::uint64_t DriftReporter::readRoutes() {
  std::fill(routes_.begin(), routes_.end(), RouteTotals{});
  std::uint64_t liveBytes = 0;
  for (const auto& worker : monitor_.workers()) {
    liveBytes += worker->heapLiveBytes.read();
    for (std::size_t i = 0; i < routes_.size(); ++i) {
      const RouteRow& row = worker->routes.row(i);
      routes_[i].requests += row.requests.read();
      routes_[i].timed += row.timed.read();
      routes_[i].log2Sum += row.log2Sum.read();
      routes_[i].arenaBytes += row.arenaBytes.read();
    }
  }
  return liveBytes;
}

void DriftReporter::publish(const WindowTotals& totals) {
  DriftBoard& board = monitor_.board();
  board.heapLiveBytes.set(totals.liveBytes);
  board.residentBytes.set(resident_.bytes());
  board.latencyTrend.set(watch_.latencyTrend().slope);
  board.liveBytesTrend.set(watch_.liveBytesTrend().slope);
  for (std::size_t row = 0; row < routes_.size(); ++row) {
    if (routes_[row].requests == 0) continue;
    if (ShownRoute* const shown = board.show(row)) shown->latencyChange.set(watch_.latencyChange(row));
  }
}

void DriftReporter::report(std::span<const Drift> drifts) {
  DriftBoard& board = monitor_.board();
  for (const Drift& drift : drifts) {
    board.alarms(drift.kind).add(1);
    if (drift.kind != DriftKind::liveBytes)
      if (ShownRoute* const shown = board.show(drift.row)) shown->alarms.add(1);
    if (unlogged_++ == 0 || drift.change > worst_.change) worst_ = drift;
    callHook(drift);
  }
}

// One line for all drifts since the last line; drifts too soon after it wait.
void DriftReporter::log(std::uint64_t nowNs) {
  const std::uint64_t intervalNs = std::uint64_t{config_.logIntervalMs} * 1'000'000;
  if (unlogged_ == 0 || intervalNs == 0 || (lastLogNs_ != 0 && nowNs - lastLogNs_ < intervalNs)) return;
  logWarning(toString(worst_) + (unlogged_ == 1 ? "" : "; and " + std::to_string(unlogged_ - 1) + " more"));
  lastLogNs_ = nowNs;
  unlogged_ = 0;
}

void DriftReporter::callHook(const Drift& drift) const {
  if (!config_.onDrift) return;
  try {
    config_.onDrift(drift);
  } catch (const std::exception& failure) {
    logError("the onDrift hook threw", failure.what());
  } catch (...) {
    logError("the onDrift hook threw", "something that is not a std::exception");
  }
}

}  // namespace h3::server
