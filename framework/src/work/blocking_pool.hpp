// Threads for work that would hold up a loop.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

#include "h3http/config.hpp"
#include "h3http/detail/blocking_call.hpp"

namespace h3 {

/// A bounded queue of calls, and the threads that make them. One for all workers of a server.
///
/// The queue is a list through the calls themselves, so nothing is allocated for it. Every call that was submitted is resumed
/// once: after it has run, or unrun when it was cancelled or the pool stops.
///
/// Lifetime: stop() before the loops of the workers are destroyed. Threads: any.
class BlockingPool {
 public:
  using Call = detail::BlockingCall;

  explicit BlockingPool(const BlockingConfig& config) : config_(config) {}
  ~BlockingPool() { stop(); }
  BlockingPool(const BlockingPool&) = delete;
  BlockingPool& operator=(const BlockingPool&) = delete;

  /// Returns false when the queue is full, the pool has stopped, or no thread can be started; then the call is not resumed.
  bool submit(Call& call) noexcept;
  /// A queued call is resumed unrun. A running one ends first; it is marked as cancelled.
  void cancel(Call& call);
  /// Resumes queued calls unrun, and waits for running ones. Further calls are refused.
  void stop();

  std::size_t queued() const;
  std::size_t busy() const;

 private:
  bool start() noexcept;
  void serve();
  void append(Call& call);
  void remove(Call& call);

  const BlockingConfig config_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  Call* first_ = nullptr;
  Call* last_ = nullptr;
  std::size_t queued_ = 0;
  std::size_t busy_ = 0;
  bool stopped_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace h3
