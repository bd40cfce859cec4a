#include "server/monitor_thread.hpp"

#include <algorithm>
#include <chrono>

namespace h3::server {
namespace {

using SteadyClock = std::chrono::steady_clock;

std::uint64_t nsOf(SteadyClock::time_point time) {
  const auto since = time.time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(since).count());
}

}  // namespace

MonitorThread::MonitorThread(Monitor& monitor, const MonitorConfig& config)
    : window_(config.windowMs), reporter_(MonitorState::of(monitor), config) {
  thread_ = std::thread([this] { run(); });
}

MonitorThread::~MonitorThread() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  stopped_.notify_one();
  thread_.join();
}

void MonitorThread::run() {
  auto next = SteadyClock::now() + window_;
  std::unique_lock lock(mutex_);
  while (!stopped_.wait_until(lock, next, [this] { return stop_; })) {
    lock.unlock();
    const auto now = SteadyClock::now();
    reporter_.endWindow(nsOf(now));
    // After a long hook or a suspended machine, missed windows are skipped.
    next = std::max(next + window_, now + window_ / 2);
    lock.lock();
  }
}

}  // namespace h3::server
