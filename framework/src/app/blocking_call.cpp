#include "h3http/detail/blocking_call.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <memory>
#include <new>
#include <stdexcept>
#include <utility>

#include "app/event_state.hpp"
#include "h3http/error.hpp"
#include "work/blocking_pool.hpp"

namespace h3::detail {
namespace {

namespace asio = boost::asio;

constexpr const char* kRetryAfterSeconds = "1";
constexpr std::size_t kOperationBytes = 256;  // as BlockingCall has

// Gives out the call's own storage, for the one operation that resumes it.
template <class T>
struct CallAllocator {
  using value_type = T;

  explicit CallAllocator(void* memory) noexcept : storage(memory) {}
  template <class U>
  CallAllocator(const CallAllocator<U>& other) noexcept : storage(other.storage) {}

  T* allocate(std::size_t) {
    static_assert(sizeof(T) <= kOperationBytes);
    return static_cast<T*>(storage);
  }
  void deallocate(T*, std::size_t) noexcept {}
  friend bool operator==(const CallAllocator& a, const CallAllocator& b) { return a.storage == b.storage; }

  void* storage;
};

}  // namespace

/// What Asio's side of a call does.
struct BlockingResume {
  using Handler = asio::detail::awaitable_handler<asio::any_io_executor>;

  // From the pool, and with its mutex: only posts. The operation takes the handler with it, so whichever happens to it, run or
  // destroyed with the loop, happens to the coroutine.
  static void post(BlockingCall& call) {
    auto* const stored = std::launder(reinterpret_cast<Stored*>(call.handler_.data()));
    asio::io_context& loop = *stored->loop;
    Handler handler = std::move(stored->handler);
    std::destroy_at(stored);
    asio::post(loop,
               asio::bind_allocator(CallAllocator<std::byte>(call.operation_.data()),
                                    [handler = std::move(handler)]() mutable { std::move(handler)(); }));
  }

  // Stores the handler, then gives the call to the pool: from then on it may be resumed at any moment.
  static void start(BlockingCall& call, BlockingPool& pool, asio::io_context& loop, Handler handler) {
    static_assert(sizeof(Stored) <= BlockingCall::kResumeBytes);
    auto slot = asio::get_associated_cancellation_slot(handler);
    ::new (call.handler_.data()) Stored{std::move(handler), &loop};
    call.resume_ = &BlockingResume::post;
    if (slot.is_connected()) slot.assign([&call, &pool](asio::cancellation_type) { pool.cancel(call); });
    if (!pool.submit(call)) post(call);
  }

  // Starts the operation. No lambda: that would be a part of the coroutine's frame, whose type other sources name.
  struct Initiation {
    BlockingCall* call;
    BlockingPool* pool;
    asio::io_context* loop;

    void operator()(Handler handler) const { start(*call, *pool, *loop, std::move(handler)); }
  };

  static bool wasCancelled(const BlockingCall& call) { return call.state_ == BlockingCall::State::cancelled; }
  static bool wasRefused(const BlockingCall& call) { return call.state_ == BlockingCall::State::idle; }

 private:
  struct Stored {
    Handler handler;
    asio::io_context* loop;
  };
};

asio::awaitable<void> BlockingCall::run(Event& event) {
  WorkerServices& services = EventState::of(event).services;
  if (services.blocking == nullptr)
    throw std::logic_error(
        "h3::blocking: found an event without a server, expected one of a Server or a test::Client");
  BlockingPool& pool = *services.blocking;
  services.counters.add(Metric::blockingCalls);
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(
      BlockingResume::Initiation{this, &pool, services.ioContext}, asio::use_awaitable);
  if (BlockingResume::wasRefused(*this)) {
    services.counters.add(Metric::blockingRejected);
    event.setHeader("Retry-After", kRetryAfterSeconds);
    throw HttpError(503, "the server is busy, try again later");
  }
  if (!BlockingResume::wasCancelled(*this)) co_return;
  services.counters.add(Metric::blockingCancelled);
  throw boost::system::system_error(asio::error::operation_aborted);
}

}  // namespace h3::detail
