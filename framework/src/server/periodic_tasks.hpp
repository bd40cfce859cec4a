// Tasks of App::every() on one worker's loop.
#pragma once

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <deque>

#include "app/lifecycle.hpp"
#include "server/handler_slot.hpp"

namespace h3::server {

/// A timer a task. Each keeps its beat: a task that takes long, or a loop that is busy, moves no later one.
///
/// Lifetime: the tasks and the slots must outlive it, the slots the loop too. Threads: the loop's. Allocates: add() only.
class PeriodicTasks {
 public:
  PeriodicTasks(boost::asio::io_context& loop, std::deque<HandlerSlot>& slots) : loop_(loop), slots_(slots) {}

  void add(const PeriodicTask& task);
  /// The first calls come one interval from now.
  void start();
  /// No further call.
  void stop();

 private:
  using Clock = std::chrono::steady_clock;
  using Timer = boost::asio::basic_waitable_timer<Clock, boost::asio::wait_traits<Clock>,
                                                  boost::asio::io_context::executor_type>;
  struct Running {
    const PeriodicTask* task;
    HandlerSlot* slot;
    Timer timer;
    Clock::time_point next{};
  };

  void arm(Running& running);
  void run(Running& running);

  boost::asio::io_context& loop_;
  std::deque<HandlerSlot>& slots_;
  std::deque<Running> running_;  ///< timers' handlers refer to them
  bool stopped_ = false;
};

}  // namespace h3::server
