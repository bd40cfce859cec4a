// Samples where the target spends its time, by looking at its running threads periodically.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "replay/run_record.hpp"

namespace leakgate {

/// On its own thread: every 2 ms it stops one running thread of the target (ptrace), reads its stack, and
/// lets it continue, 0.1 to 1 ms later. Sleeping threads are not touched, so none of their system calls is
/// interrupted. A thread that waits for a processor shows where it lost it, mostly in a system call that woke
/// another thread: such samples count only when there are too few others. Where tracing is forbidden there
/// are no samples.
///
/// Threads: one owner. Memory: at most kMaxSamples stacks. Errors: none.
class StackSampler {
 public:
  static constexpr std::size_t kMaxSamples = 20'000;

  StackSampler();
  ~StackSampler();
  StackSampler(const StackSampler&) = delete;
  StackSampler& operator=(const StackSampler&) = delete;

  /// Samples these processes from now on, as part of the block; until pause() or the next call.
  void sample(std::set<pid_t> pids, std::size_t block);

  /// Returns when no thread is held any more.
  void pause();

  /// All samples so far. Ends the sampling.
  std::vector<StackSample> take();

 private:
  struct Sight;
  void work(const std::stop_token& stop);
  void look(Sight& sight);

  std::mutex mutex_;  ///< held while a thread is stopped
  std::set<pid_t> pids_;
  std::size_t block_ = 0;
  std::vector<StackSample> working_;  ///< on a processor, or interrupted in its own code
  std::vector<StackSample> waiting_;  ///< the others: where they lost the processor, which says less
  std::jthread thread_;               ///< last: it uses the others
};

}  // namespace leakgate
