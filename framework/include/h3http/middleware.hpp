// Code that runs around handlers: the onion (Event&, Next&) and the plain functions that run before it.
#pragma once

#include <concepts>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "h3http/event.hpp"

namespace h3 {

class AsyncNext;
class Chain;

/// The rest of the onion: call it once to go inwards; not calling it stops there.
///
/// Synchronous: when it returns, the inner layers have responded, or have deferred their response. Around handlers that
/// respond later use an awaitable middleware, which gets an AsyncNext (async.hpp).
///
/// Lifetime: valid during the middleware's call only.
class Next {
 public:
  void operator()();

 private:
  friend class AsyncNext;
  friend class Chain;
  Next(const Chain& chain, Event& event, std::size_t position)
      : chain_(chain), event_(event), position_(position) {}

  const Chain& chain_;
  Event& event_;
  std::size_t position_;
};

/// A layer of the onion. Its code after `next()` runs when the inner layers have responded.
using Middleware = std::function<void(Event&, Next&)>;

/// Starts awaitable middleware. Specialised in async.hpp; without that header an awaitable cannot be returned.
template <class Returned>
struct AsyncLayerStart {
  static_assert(
      sizeof(Returned) == 0,
      "middleware that takes a h3::AsyncNext& returns boost::asio::awaitable<void>: include h3http/async.hpp");
};

/// A layer of the onion that waits for the inner ones: `[](Event&, AsyncNext& next) -> awaitable<void>`.
template <class F>
concept AsyncMiddleware =
    !std::is_invocable_v<F&, Event&, Next&> && std::is_invocable_v<F&, Event&, AsyncNext&>;

/// Its stored form.
template <AsyncMiddleware F>
Middleware makeAsyncMiddleware(F call) {
  return AsyncLayerStart<std::invoke_result_t<F&, Event&, AsyncNext&>>::wrap(std::move(call));
}

/// Result of a FastMiddleware: continue, or stop because it has responded.
enum class FastResult { next, stop };

/// A plain function that runs before the onion; the cheap form for checks and fixed headers.
class FastMiddleware {
 public:
  template <class F>
  requires(!std::same_as<std::remove_cvref_t<F>, FastMiddleware> &&
           std::is_invocable_r_v<FastResult, std::decay_t<F>&, Event&>)
      // NOLINTNEXTLINE(google-explicit-constructor,bugprone-forwarding-reference-overload): any other function is one
      FastMiddleware(F&& call)
      : call_(std::forward<F>(call)) {}

  FastResult operator()(Event& event) const { return call_(event); }

  /// It also runs before the response to a request that is refused before it is whole (a malformed head, a body that is
  /// too large or too slow), so that its fields are there too: cors(), securityHeaders(), contentSecurityPolicy() and
  /// requestId() do. The event may lack everything but the client's address; the result, a response that it gives, and
  /// what it throws are ignored. Only below its scope: a request without a path is below "" only.
  FastMiddleware& alsoOnRefusals() & {
    runsOnRefusals_ = true;
    return *this;
  }
  FastMiddleware alsoOnRefusals() && {
    runsOnRefusals_ = true;
    return std::move(*this);
  }
  bool runsOnRefusals() const noexcept { return runsOnRefusals_; }

 private:
  std::function<FastResult(Event&)> call_;
  bool runsOnRefusals_ = false;
};

/// Where a middleware applies: below a path prefix ("" is everywhere; "/api" is "/api" and "/api/..."), for
/// some methods only when `methods` is not empty; GET covers HEAD, as it does in routing.
///
/// A prefix is literal and percent-encoded in the spelling of Event::path(). No other spelling of a path passes it:
/// escapes, dot segments, encoded and repeated slashes ("/api%2Fx", "//api/x") are below it too. Errors:
/// std::invalid_argument for a prefix that can match nothing ("/a b", "/%zz", "/a/../b", "/:id"); the message says
/// what to write.
struct Scope {
  std::string prefix = {};
  std::vector<Method> methods = {};
};

}  // namespace h3
