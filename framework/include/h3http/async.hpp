// Coroutine handlers: boost::asio::awaitable on the worker's own loop.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <exception>
#include <type_traits>
#include <utility>

#include "h3http/event.hpp"
#include "h3http/handler.hpp"
#include "h3http/middleware.hpp"

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

/// The rest of the onion, for an awaitable middleware: `co_await next()` ends when the inner layers and the handler
/// have given their response, however late. It is not sent yet: status and fields may be changed, except those of a
/// response written piece by piece, whose head is then on its way.
///
///     app.use([](h3::Event& event, h3::AsyncNext& next) -> boost::asio::awaitable<void> {
///       const Timing timing;
///       co_await next();
///       event.setHeader("X-Elapsed", timing.text());
///     });
///
/// What the inner ones throw comes out of it; a middleware that catches it gives the response. Awaited once; not at
/// all: the request ends here, and the middleware responds. The deadline TimeoutConfig::handlerMs is that of the whole
/// onion. A client that is gone cancels the middleware and what it waits for. Synchronous layers and handlers may lie
/// inside.
/// Lifetime: as long as the middleware's coroutine. Allocates: the frames of two coroutines for each awaitable layer.
/// Threads: the event's worker. Errors: std::logic_error when it is awaited twice.
class AsyncNext {
 public:
  boost::asio::awaitable<void> operator()();

  /// For AsyncLayerStart: the same place as `next`, in the event's arena.
  static AsyncNext& keep(Event& event, const Next& next);
  AsyncNext(Event& event, const Next& next) : chain_(next.chain_), event_(event), position_(next.position_) {}

 private:
  struct Inner;

  const Chain& chain_;
  Event& event_;
  std::size_t position_;
  bool called_ = false;
};

template <class Executor>
struct AsyncLayerStart<boost::asio::awaitable<void, Executor>> {
  template <class F>
  static Middleware wrap(F call) {
    return [call = std::move(call)](Event& event, Next& next) mutable {
      AsyncNext& rest = AsyncNext::keep(event, next);
      auto start = [&call, &rest](Event& started) { return call(started, rest); };
      AsyncStart<boost::asio::awaitable<void, Executor>>::start(event, start);
    };
  }
};

}  // namespace h3
