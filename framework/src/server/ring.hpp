// An io_uring instance for one thread.
#pragma once

#include <liburing.h>

namespace h3::server {

/// Queues of operations to submit and of completions to take.
///
/// Set up so that the kernel does its work only within enter(), on the owner's thread (DEFER_TASKRUN): input
/// that arrives meanwhile only sets a flag.
///
/// Threads: created on any; only the thread that calls enable() may use it.
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

  /// An entry to fill in. Submitted with the next enter(), or immediately when the queue is full. Throws
  /// boost::system::system_error when the kernel accepts none.
  io_uring_sqe& nextEntry();
  /// Whether all entries have been submitted. The memory that they point to must stay valid until then.
  bool allSubmitted() const { return io_uring_sq_ready(&ring_) == 0; }

  /// Whether the kernel has completions that did not fit: the next enter() delivers them.
  bool holdsBack() const { return (IO_URING_READ_ONCE(*ring_.sq.kflags) & IORING_SQ_CQ_OVERFLOW) != 0; }
  /// Whether enter() would do something, or completions wait. Costs no system call.
  bool hasWork() const;
  /// Submits what it can; the next enter() submits the rest and reports errors.
  void submit() noexcept {
    if (!allSubmitted()) (void)io_uring_submit(&ring_);
  }
  /// Submits, and lets the kernel do its work; if it may wait and there is no completion, waits for one.
  void enter(bool mayWait);

  /// Calls `take` once with each available completion, even if it throws at one. It may call nextEntry().
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
