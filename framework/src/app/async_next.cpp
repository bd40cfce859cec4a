// The rest of the onion, as an awaitable.
#include <boost/asio/async_result.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <stdexcept>
#include <utility>

#include "app/chain.hpp"
#include "app/event_state.hpp"
#include "h3http/async.hpp"

namespace h3 {

AsyncNext& AsyncNext::keep(Event& event, const Next& next) {
  return *event.arena().make<AsyncNext>(event, next);
}

// Calls the inner layers with an event that is theirs, and takes it back when they have ended.
struct AsyncNext::Inner {
  explicit Inner(Event& innerEvent) : event(innerEvent), state(EventState::of(innerEvent)) {
    wait.outer = state.innermostWait();
    wait.handle = state.handle;
    state.getExtras().wait = &wait;
    state.deferred = false;
  }

  void call(const Chain& chain, std::size_t position) {
    try {
      chain.proceed(event, position);
    } catch (...) {
      thrown = std::current_exception();
      if (!wait.ended && state.deferred)
        state.handle.complete();  // it has failed, whatever becomes of its handle
    }
    if (wait.ended || state.deferred) return;
    state.extras->wait = wait.outer;
    state.handle = wait.handle;
    state.deferred = wait.ended = true;
  }

  // A response whose head is on its way can only be cut: the error stays, also when a layer catches it.
  void throwIfFailed() {
    if (!thrown) thrown = state.error;
    if (!state.responseBegun()) state.error = nullptr;
    if (thrown) std::rethrow_exception(thrown);
  }

  boost::asio::awaitable<void> ended() {
    return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>&, void()>(
        [this](auto&& handler) {
          state.services.deferred.resumeWhenEnded(wait.handle,
                                                  Resumption(std::forward<decltype(handler)>(handler)));
        },
        boost::asio::use_awaitable);
  }

  Event& event;
  EventState& state;
  LayerWait wait;
  std::exception_ptr thrown;
};

boost::asio::awaitable<void> AsyncNext::operator()() {
  if (std::exchange(called_, true)) throw std::logic_error("a middleware has awaited next() twice");
  Inner inner(event_);
  inner.call(chain_, position_);
  if (!inner.wait.ended) {
    // The inner layers use `inner` until they end, so a client that leaves must not end this before.
    const bool throws = co_await boost::asio::this_coro::throw_if_cancelled();
    co_await boost::asio::this_coro::throw_if_cancelled(false);
    co_await inner.ended();
    co_await boost::asio::this_coro::throw_if_cancelled(throws);
  }
  inner.throwIfFailed();
}

}  // namespace h3
