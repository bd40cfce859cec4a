#include "server/ring.hpp"

#include <cerrno>
#include <thread>

#include "server/system_failure.hpp"

namespace h3::server {
namespace {

constexpr unsigned kEntries = 512;
// One completion per connection and a few more; beyond that the kernel keeps a list and ends multishot
// operations.
constexpr unsigned kCompletions = 8192;
constexpr int kSubmitAttempts = 8;

}  // namespace

Ring::Ring() {
  io_uring_params parameters{};
  parameters.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_TASKRUN_FLAG |
                     IORING_SETUP_SUBMIT_ALL | IORING_SETUP_R_DISABLED | IORING_SETUP_CQSIZE;
  parameters.cq_entries = kCompletions;
  // When a ring is destroyed, the kernel interrupts waits of the thread that created it (EINTR). That must
  // not be a thread of the user's.
  int failed = 0;
  std::thread([&] { failed = io_uring_queue_init_params(kEntries, &ring_, &parameters); }).join();
  if (failed != 0) throwSystemError(-failed, "io_uring_setup");
}

Ring::~Ring() { io_uring_queue_exit(&ring_); }

void Ring::enable() {
  // liburing 2.3 declares io_uring_enable_rings() but does not export it.
  const int failed =
      io_uring_register(static_cast<unsigned>(ring_.ring_fd), IORING_REGISTER_ENABLE_RINGS, nullptr, 0);
  if (failed != 0) throwSystemError(-failed, "io_uring_enable_rings");
  (void)io_uring_register_ring_fd(&ring_);  // saves a look-up in each enter(); works without
}

io_uring_sqe& Ring::nextEntry() {
  int result = 0;
  for (int i = 0; i < kSubmitAttempts; ++i) {
    if (io_uring_sqe* const entry = io_uring_get_sqe(&ring_)) return *entry;
    result = io_uring_submit(&ring_);
  }
  throwSystemError(result < 0 ? -result : EBUSY, "io_uring_enter");
}

bool Ring::hasWork() const {
  const unsigned flags = IO_URING_READ_ONCE(*ring_.sq.kflags);
  return (flags & (IORING_SQ_TASKRUN | IORING_SQ_CQ_OVERFLOW)) != 0 || !allSubmitted() ||
         io_uring_cq_ready(&ring_) != 0;
}

void Ring::enter(bool mayWait) {
  const int result = mayWait ? io_uring_submit_and_wait(&ring_, 1) : io_uring_submit_and_get_events(&ring_);
  // EBUSY, EAGAIN: the kernel first needs completions to be taken, or memory; the entries stay queued.
  if (result < 0 && result != -EINTR && result != -EBUSY && result != -EAGAIN)
    throwSystemError(-result, "io_uring_enter");
}

}  // namespace h3::server
