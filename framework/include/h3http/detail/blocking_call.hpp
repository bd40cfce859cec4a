// A call on the pool for blocking work, and the coroutine that waits for it.
#pragma once

#include <array>
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <cstdint>
#include <exception>

namespace h3 {

class BlockingPool;
class Event;

namespace detail {

/// Base of the calls that h3::blocking() makes.
///
///     idle --submit--> queued --a thread--> running --> ended --post--> the coroutine goes on
///                        |                                ^
///                        +------- cancel, stop -----------+
///
/// Lifetime: in the frame of the coroutine that awaits run(); that frame stays until the call has ended, because what would
/// resume or destroy it is in this object. Threads: the event's worker; call() runs on the pool's.
class BlockingCall {
 public:
  BlockingCall(const BlockingCall&) = delete;
  BlockingCall& operator=(const BlockingCall&) = delete;

  /// Waits for call(). Errors: HttpError 503; system_error with operation_aborted.
  boost::asio::awaitable<void> run(Event& event);

 protected:
  BlockingCall() = default;
  virtual ~BlockingCall() = default;

  void rethrowError() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  friend class h3::BlockingPool;
  friend struct BlockingResume;

  /// How it has ended; guarded by the pool's mutex until then.
  enum class State : std::uint8_t { idle, queued, running, finished, cancelled };
  /// For the operation that resumes the coroutine, so that posting it from the pool needs no heap. Of Asio's operation for a
  /// coroutine, which has 64 bytes in Boost 1.81.
  static constexpr std::size_t kResumeBytes = 256;

  virtual void call() = 0;

  BlockingCall* next_ = nullptr;  ///< in the pool's queue
  BlockingCall* previous_ = nullptr;
  State state_ = State::idle;
  bool cancelRequested_ = false;
  std::exception_ptr error_;
  void (*resume_)(BlockingCall& call) = nullptr;                             ///< posts to the worker's loop
  alignas(std::max_align_t) std::array<std::byte, kResumeBytes> handler_;    ///< of the coroutine
  alignas(std::max_align_t) std::array<std::byte, kResumeBytes> operation_;  ///< of the loop
};

}  // namespace detail
}  // namespace h3
