// An io_uring instance for one thread.
#pragma once

#include <liburing.h>

namespace h3::server {

/// Queues of operations to submit and of completions to take.
///
/// Set up so that the kernel does its part only within enter(), on the owner's own time (DEFER_TASKRUN): what
/// arrives meanwhile raises a flag.
///
/// Threads: made on any; enable() makes its caller the only one that may use it.
class Ring {
 public:
  /// Errors: boost::system::system_error, with the kernel's reason, when there is no io_uring, it is
  /// forbidden here, or the kernel is older than 6.1.
  Ring();
  ~Ring();
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;

  void enable();
  io_uring& native() { return ring_; }

  /// An entry to fill in. Goes out with the next enter(), or at once when the queue is full.
  /// Throws boost::system::system_error when the kernel takes none.
  io_uring_sqe& nextEntry();
  /// Whether all entries have been handed over. What they point at must stay until then.
  bool allSubmitted() const { return io_uring_sq_ready(&ring_) == 0; }

  /// Whether the kernel has completions for which there was no room: the next enter() gives them.
  bool holdsBack() const { return (IO_URING_READ_ONCE(*ring_.sq.kflags) & IORING_SQ_CQ_OVERFLOW) != 0; }
  /// Whether enter() would do something, or completions wait. Costs no system call.
  bool hasWork() const;
  /// Submits what it can; the rest goes out with the next enter(), which also tells of errors.
  void submit() noexcept {
    if (!allSubmitted()) (void)io_uring_submit(&ring_);
  }
  /// Submits, and lets the kernel do what is due; waits for a completion if it may and there is none.
  void enter(bool mayWait);

  /// `take` sees each completion that is here, once, even if it throws at one. It may ask for entries.
  template <class Take>
  void takeCompletions(Take take) {
    unsigned head = 0;
    io_uring_cqe* next = nullptr;
    io_uring_for_each_cqe(&ring_, head, next) {
      const io_uring_cqe completion{next->user_data, next->res, next->flags};
      io_uring_cq_advance(&ring_, 1);
      take(completion);
    }
  }

 private:
  io_uring ring_{};
};

}  // namespace h3::server
