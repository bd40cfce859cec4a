// Handlers of a route: any callable on an Event, by its return type.
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

/// A stored handler. When it returns, the event has its response or is deferred.
using Handler = std::function<void(Event&)>;

/// A whole response as a return value of handlers.
struct Response {
  int status = 200;
  std::string body;
  std::string contentType = "text/plain; charset=utf-8";
  std::vector<std::pair<std::string, std::string>> headers;
};

/// A bare status, without a body: `return h3::Status{204};`
struct Status {
  int code;
};

// Turns a returned value into the response. For your own type, overload `respond` in its namespace.
inline void respond(Event& event, std::string_view text) { event.sendText(text); }
inline void respond(Event& event, const std::string& text) { event.sendText(text); }
inline void respond(Event& event, const char* text) {
  event.sendText(text == nullptr ? std::string_view() : text);
}
inline void respond(Event& event, Status status) { event.sendNothing(status.code); }
inline void respond(Event& event, const JsonWriter& writer) { event.sendJson(writer); }
void respond(Event& event, const Response& response);

/// Runs a coroutine handler. Specialised in async.hpp; without that header an awaitable cannot be returned.
template <class Returned>
struct AsyncStart {
  static constexpr bool kIsAwaitable = false;
};

template <class F>
concept SyncHandler =
    std::invocable<F&, Event&> && !AsyncStart<std::invoke_result_t<F&, Event&>>::kIsAwaitable;

template <class F>
concept AsyncHandler =
    std::invocable<F&, Event&> && AsyncStart<std::invoke_result_t<F&, Event&>>::kIsAwaitable;

/// Wraps any handler callable into its stored form.
template <class F>
requires SyncHandler<F> Handler makeHandler(F handler) {
  if constexpr (std::is_void_v<std::invoke_result_t<F&, Event&>>) {
    return Handler(std::move(handler));
  } else {
    return [call = std::move(handler)](Event& event) mutable { respond(event, call(event)); };
  }
}

template <class F>
requires AsyncHandler<F> Handler makeHandler(F handler) {
  return [call = std::move(handler)](Event& event) mutable {
    AsyncStart<std::invoke_result_t<F&, Event&>>::start(event, call);
  };
}

}  // namespace h3
