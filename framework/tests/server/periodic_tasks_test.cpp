#include "server/periodic_tasks.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <latch>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

#include "support/served_app.hpp"

using h3::PeriodicTask;
using h3::server::HandlerSlot;
using h3::server::PeriodicTasks;
using namespace std::chrono_literals;

namespace {

// The tasks of one loop.
struct Beats {
  std::deque<HandlerSlot> slots;
  boost::asio::io_context loop;
  PeriodicTasks tasks{loop, slots};
};

}  // namespace

TEST_CASE("a task runs again and again, also after it has thrown, until it is stopped") {
  Beats beats;
  int calls = 0;
  const PeriodicTask task{1ms, [&] {
                            if (++calls == 2) throw std::runtime_error("as intended");
                            if (calls == 3) throw 1;
                            if (calls == 5) beats.tasks.stop();
                          }};
  beats.tasks.add(task);
  beats.tasks.start();
  beats.loop.run();
  CHECK(calls == 5);
}

// With catching up there would be ten more calls. A busy machine makes fewer calls, never more.
TEST_CASE("a slow task leaves beats out: no call makes up for a missed one") {
  using Clock = std::chrono::steady_clock;
  Beats beats;
  int later = 0;
  Clock::time_point slowEnd{};
  const PeriodicTask task{10ms, [&] {
                            if (slowEnd == Clock::time_point{}) {
                              const auto end = Clock::now() + 100ms;
                              while (Clock::now() < end) continue;
                              slowEnd = Clock::now();
                            } else if (Clock::now() < slowEnd + 50ms) {
                              ++later;
                            } else {
                              beats.tasks.stop();
                            }
                          }};
  beats.tasks.add(task);
  beats.tasks.start();
  beats.loop.run();
  CHECK(later <= 6);
}

TEST_CASE("stop() before the first beat") {
  Beats beats;
  int calls = 0;
  const PeriodicTask task{1h, [&] { ++calls; }};
  beats.tasks.add(task);
  beats.tasks.start();
  beats.tasks.stop();
  beats.loop.run();
  CHECK(calls == 0);
}

TEST_CASE("a server runs tasks on its first worker or on each, and none after the drain") {
  h3::App app;
  std::mutex mutex;
  std::set<std::thread::id> first, each;
  std::latch all(1);
  const auto note = [&](std::set<std::thread::id>& threads) {
    const std::lock_guard lock(mutex);
    threads.insert(std::this_thread::get_id());
    if (each.size() == 3 && first.size() == 1 && !all.try_wait()) all.count_down();
  };
  std::atomic<int> calls{0};
  app.every(1ms, [&] { note(first), ++calls; });
  app.every(
      1ms, [&] { note(each); }, h3::EveryOn::eachWorker);
  int stopCalls = -1;
  app.onStop([&] { stopCalls = calls; });
  h3::Config config = h3::Config::testing();
  config.threads = 3;
  {
    h3::test::ServedApp served(app, config);
    all.wait();
  }
  CHECK(first.size() == 1);
  CHECK(each.size() == 3);
  CHECK(stopCalls == calls);
}
