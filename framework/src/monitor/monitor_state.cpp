#include "monitor/monitor_state.hpp"

#include <algorithm>
#include <iterator>

namespace h3 {

void MonitorState::setRoutes(std::vector<RouteName> routes, bool timed) {
  names_.resize(1);
  const std::size_t known = std::min(routes.size(), RouteTimes::kMaxRoutes);
  names_.insert(names_.end(), std::make_move_iterator(routes.begin()),
                std::make_move_iterator(routes.begin() + static_cast<std::ptrdiff_t>(known)));
  if (known < routes.size()) names_.back() = {"*", "(all further routes)"};
  timed_ = timed;
}

WorkerCounters& MonitorState::addWorker() {
  workers_.push_back(std::make_unique<WorkerCounters>(names_.size() - 1, timed_));
  return *workers_.back();
}

std::uint64_t MonitorState::total(Metric metric) const {
  std::uint64_t sum = 0;
  for (const auto& worker : workers_) sum += worker->read(metric);
  return sum;
}

LatencyCounts MonitorState::latency() const {
  LatencyCounts counts;
  for (const auto& worker : workers_) counts.add(worker->latency);
  return counts;
}

}  // namespace h3
