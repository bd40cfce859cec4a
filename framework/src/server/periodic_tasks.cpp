#include "server/periodic_tasks.hpp"

#include <exception>

#include "app/log.hpp"

namespace h3::server {

void PeriodicTasks::add(const PeriodicTask& task) {
  running_.push_back({&task, &slots_.emplace_back(), Timer(loop_)});
}

void PeriodicTasks::start() {
  for (Running& running : running_) {
    running.next = Clock::now() + running.task->interval;
    arm(running);
  }
}

void PeriodicTasks::stop() {
  stopped_ = true;
  for (Running& running : running_) running.timer.cancel();
}

void PeriodicTasks::arm(Running& running) {
  running.timer.expires_at(running.next);
  running.timer.async_wait(inSlot(*running.slot, [this, &running](const boost::system::error_code& error) {
    if (!error && !stopped_) run(running);
  }));
}

void PeriodicTasks::run(Running& running) {
  try {
    running.task->call();
  } catch (const std::exception& failure) {
    logError("a task of App::every threw", failure.what());
  } catch (...) {
    logError("a task of App::every threw", "something that is not a std::exception");
  }
  const auto now = Clock::now();
  running.next += running.task->interval;
  if (running.next <= now)
    running.next += ((now - running.next) / running.task->interval + 1) * running.task->interval;
  if (!stopped_) arm(running);
}

}  // namespace h3::server
