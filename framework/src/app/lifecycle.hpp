// What an App does besides serving requests: hooks at the start and the end, tasks at intervals.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <vector>

#include "h3http/app.hpp"

namespace h3 {

/// A task of App::every().
struct PeriodicTask {
  std::chrono::nanoseconds interval;
  std::function<void()> call;
  EveryOn where = EveryOn::firstWorker;
};

/// The hooks and tasks of an App.
///
/// Lifetime: the app's. Threads: as the hooks allow; the lists are constant once the app is frozen.
struct Lifecycle {
  /// A stop hook belongs to the start hooks that were registered before it.
  struct Stop {
    StopHook call;
    std::size_t startsBefore = 0;
  };

  static Lifecycle& of(App& app) { return app.lifecycle(); }

  /// Runs the start hooks. If one throws: runs the stop hooks that belong to those that have run, and throws that.
  void start(boost::asio::io_context& loop) const;
  /// Runs the stop hooks in reverse order, after a start() that did not throw. Logs what they throw.
  void stop() const noexcept;
  void hangup() const noexcept;
  /// Behind its own.
  void append(Lifecycle other);

  std::vector<StartHook> onStart;
  std::vector<Stop> onStop;
  std::vector<std::function<void()>> onHangup;
  std::vector<PeriodicTask> every;

 private:
  void stopAfter(std::size_t starts) const noexcept;
};

}  // namespace h3
