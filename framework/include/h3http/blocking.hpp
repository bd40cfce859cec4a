// Work off the loop: files, databases, hashes of passwords. Brings Asio, as async.hpp does.
//
//   app.get("/users/:id", [&database](h3::Event& event) -> boost::asio::awaitable<std::string> {
//     const std::string id(*event.getParam("id"));
//     co_return co_await h3::blocking(event, [&] { return database.load(id); });
//   });
#pragma once

#include <boost/asio/awaitable.hpp>
#include <concepts>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

#include "h3http/async.hpp"
#include "h3http/detail/blocking_call.hpp"

namespace h3 {

/// Whether a temporary may be awaited where it is made: it holds references, pointers and numbers only.
///
/// GCC 12 copies the temporaries of a co_await expression byte by byte, and destroys both: a lambda that holds a string frees its
/// memory twice, however it is passed on. A name for the lambda avoids that.
template <class Work>
concept SafeTemporaryWork = std::is_trivially_copyable_v<Work> && std::is_trivially_destructible_v<Work>;

namespace detail {

template <class Work>
using BlockingResult = std::decay_t<std::invoke_result_t<Work&>>;

// The call, with its result. Lives in the frame of the coroutine that awaits it.
template <class Work>
class BlockingCallOf final : public BlockingCall {
 public:
  using Result = BlockingResult<Work>;

  explicit BlockingCallOf(Work& work) : work_(work) {}

  Result take() {
    rethrowError();
    if constexpr (!std::is_void_v<Result>) return std::move(*result_);
  }

 private:
  void call() override {
    if constexpr (std::is_void_v<Result>) {
      work_();
    } else {
      result_.emplace(work_());
    }
  }

  struct Nothing {};
  Work& work_;
  std::optional<std::conditional_t<std::is_void_v<Result>, Nothing, Result>> result_;
};

template <class Work>
boost::asio::awaitable<BlockingResult<Work>> awaitNamed(Event& event, Work& work) {
  BlockingCallOf<Work> call(work);
  co_await call.run(event);
  co_return call.take();
}

template <SafeTemporaryWork Work>
boost::asio::awaitable<BlockingResult<Work>> awaitTemporary(Event& event, Work work) {
  BlockingCallOf<Work> call(work);
  co_await call.run(event);
  co_return call.take();
}

}  // namespace detail

/// Calls `work` on a thread of the server's pool (Config::blocking); its result, or its exception, comes back on the
/// event's own worker.
///
/// `work` needs a name when it holds more than references, pointers and numbers:
///
///     auto query = [sql = std::move(sql), &database] { return database.run(sql); };
///     auto rows = co_await h3::blocking(event, query);
///
/// It may refer to what the handler owns, and to the event's request: the handler does not go on before the call has ended. It must not
/// call the event's member functions that change it, or touch the arena, which belong to the worker.
///
/// Errors: HttpError 503 with Retry-After when BlockingConfig::queueCalls calls wait; exceptions of `work`;
/// boost::system::system_error with operation_aborted when the client has left or the handler's deadline has passed:
/// waiting work is not called then, and running work ends first, its result is dropped. Cancellation can be disabled
/// as for any operation (see async.hpp). Lifetime: `work`, until the await has ended.
/// Allocates: two coroutine frames, on the heap when Asio's cache of the thread has none of their size; nothing for the queue, the
/// result and the way back. Threads: the event's worker.
template <class Work>
requires std::invocable<Work&>
[[nodiscard]] auto blocking(Event& event, Work& work) { return detail::awaitNamed<Work>(event, work); }

template <class Work>
requires(std::invocable<Work&> && !std::is_lvalue_reference_v<Work>)
    [[nodiscard]] auto blocking(Event& event, Work&& work) {
  static_assert(
      SafeTemporaryWork<Work>,
      "h3::blocking: this work holds objects, such as strings, and GCC 12 would destroy them twice in a co_await "
      "expression. Give it a name first: auto work = [...] { ... }; co_await h3::blocking(event, work);");
  if constexpr (SafeTemporaryWork<Work>) return detail::awaitTemporary<Work>(event, work);
}

}  // namespace h3
