// Coroutine handlers: boost::asio::awaitable on the worker's own loop.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <type_traits>
#include <utility>

#include "h3http/event.hpp"
#include "h3http/handler.hpp"

namespace h3 {

/// The executor of the event's worker: timers and sockets made with it run on the event's own thread. Its
/// context is already running: a handler must not call run() on it.
inline boost::asio::io_context::executor_type executorOf(Event& event) {
  return event.ioContext().get_executor();
}

/// Starts an awaitable handler when the route is called; the response is sent when it ends.
///
/// A client that is gone (reset, failed) cancels it: what it awaits ends with operation_aborted, which need
/// not be caught; onResponse hooks then see status 499. To run to its end all the same, it begins with
/// `co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation())`.
///
/// Allocates: the coroutine's frames. Errors: its exceptions are handled like those of a plain handler.
/// Lifetime: the event stays valid until the coroutine ends, also when the client leaves or gets a 504 because of
/// TimeoutConfig::handlerMs (see Event::disconnected).
template <class T, class Executor>
struct AsyncStart<boost::asio::awaitable<T, Executor>> {
  static constexpr bool kIsAwaitable = true;

  template <class F>
  static void start(Event& event, F& handler) {
    boost::asio::awaitable<T, Executor> work =
        handler(event);  // a function that only returns an awaitable may throw here
    Done done{event.defer()};
    boost::asio::co_spawn(executorOf(event), std::move(work),
                          boost::asio::bind_cancellation_slot(event.cancellationSlot(), std::move(done)));
  }

 private:
  struct Done {
    template <class... Result>
    void operator()(std::exception_ptr error, Result&&... result) const {
      if constexpr (sizeof...(Result) != 0) {
        Event* const event = later.event();
        try {
          if (!error && event != nullptr) respond(*event, std::forward<Result>(result)...);
        } catch (...) {
          error = std::current_exception();
        }
      }
      if (error) {
        later.fail(std::move(error));
      } else {
        later.complete();
      }
    }

    Deferred later;
  };
};

}  // namespace h3
