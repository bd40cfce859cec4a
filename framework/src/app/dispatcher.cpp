#include "app/dispatcher.hpp"

#include <algorithm>
#include <memory_resource>
#include <new>
#include <stdexcept>
#include <string>

#include "app/event_state.hpp"
#include "app/log.hpp"
#include "h3http/alloc_scope.h"
#include "h3http/request_id.hpp"
#include "http/status.hpp"
#include "monitor/clock_ns.hpp"

namespace h3 {
namespace {

leakgate_scope routingScope{"routing", 0};
leakgate_scope handlerScope{"handler", 0};

// The response is decided: exceptions of hooks do not change it any more.
template <class Call>
void runHook(std::string_view what, Call&& call) noexcept {
  try {
    call();
  } catch (const std::exception& failure) {
    logError(what, failure.what());
  } catch (...) {
    logError(what, "something that is not a std::exception");
  }
}

// A handler may have failed because the arena is full: then the response has no text.
void sendErrorText(Event& event, std::string_view text) {
  try {
    event.sendText(text);
  } catch (const std::bad_alloc&) {
    event.sendView("", "text/plain; charset=utf-8");
  }
}

// What GET would send is unknown to a handler for HEAD only, unless it sends that itself (RFC 9110 8.6).
Handler headHandler(Handler handler) {
  return [handler = std::move(handler)](Event& event) {
    EventState::of(event).lengthUnknown = true;
    handler(event);
  };
}

// For the log: "GET /users/:id, request 0f...-01".
std::string describeRequest(const Event& event) {
  std::string text(event.methodText());
  text.append(" ").append(event.routePattern().empty() ? "(no route)" : event.routePattern());
  if (const auto id = event.getContext(kRequestIdKey)) text.append(", request ").append(*id);
  return text;
}

std::string textOf(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& failure) {
    return failure.what();
  } catch (...) {
    return "something that is not a std::exception";
  }
}

}  // namespace

Dispatcher::Dispatcher(std::vector<Route> routes, std::vector<Layer<FastMiddleware>> fast,
                       std::vector<Layer<Middleware>> onion, std::vector<RequestHook> onRequest,
                       std::vector<ResponseHook> onResponse, std::vector<ErrorHook> onError)
    : routes_(std::move(routes)),
      fast_(std::move(fast)),
      onion_(std::move(onion)),
      onRequest_(std::move(onRequest)),
      onResponse_(std::move(onResponse)),
      onError_(std::move(onError)) {
  for (std::size_t id = 0; id < routes_.size(); ++id) {
    const Route& route = routes_[id];
    if (route.async && !(onion_.empty() && route.onion.empty()))
      throw std::logic_error(
          "route \"" + route.pattern +
          "\" is asynchronous, but onion middleware is synchronous and could not run after its "
          "response; use a FastMiddleware with an onResponse hook instead");
    if (route.method == Method::head) routes_[id].handler = headHandler(std::move(routes_[id].handler));
    hasBodyRules_ = hasBodyRules_ || route.streamsBody || route.bodyBytes;
    routes_[id].bare = onion_.empty() && route.onion.empty();
    router_.add(route.methodText(), route.pattern, static_cast<std::uint32_t>(id));
  }
  router_.freeze();
}

void Dispatcher::handle(Event& event) const {
  try {
    for (const RequestHook& hook : onRequest_) hook(event);
    run(event);
  } catch (...) {
    if (event.deferred()) return failDeferred(event, std::current_exception());
    respondToException(event, std::current_exception());
  }
  if (!event.deferred()) finish(event);
}

RouteMatch Dispatcher::match(Event& event) const {
  const AllocScope scope(routingScope);
  EventState& state = EventState::of(event);
  RouteCache& cache = state.services.routeCache;
  RouteMatch match;
  if (state.target.isUnroutable) [[unlikely]]
    return match;
  if (cache.find(event.method(), state.path, match, state.routeParams)) return match;
  if (event.method() == Method::other) [[unlikely]]
    return router_.findByName(event.methodText(), state.path, state.routeParams);  // the cache has no names
  match = router_.find(event.method(), state.path, state.routeParams);
  cache.insert(event.method(), state.path, match, state.routeParams);
  return match;
}

void Dispatcher::run(Event& event) const {
  const RouteMatch found = match(event);
  const bool isFound = found.outcome == RouteMatch::Outcome::found;
  const Route* const route = isFound ? &routes_[found.routeId] : nullptr;
  if (isFound) {
    EventState::of(event).routePattern = route->pattern;
    if (route->handlerMs) [[unlikely]]
      EventState::of(event).getExtras().handlerMs = route->handlerMs;
  }
  RouteTimes& times = EventState::of(event).services.counters.routes;
  const std::uint32_t row = isFound ? found.routeId + 1 : 0;
  if (times.count(row)) [[unlikely]]
    EventState::of(event).timing = times.begin(row, monotonicNs());
  if (!runFast(event, route)) return;
  if (EventState::of(event).head.contentCoded) [[unlikely]]
    if (refuseCoded(event, route)) return;
  if (isFound && route->bare) {
    const AllocScope scope(handlerScope);
    return route->handler(event);
  }
  struct Core {
    const Dispatcher* self;
    const Route* route;
    RouteMatch match;
  } core{this, route, found};
  const auto callCore = [](void* context, Event& innermost) {
    const Core& inner = *static_cast<const Core*>(context);
    if (inner.route == nullptr) return inner.self->respondToUnmatched(innermost, inner.match);
    const AllocScope scope(handlerScope);
    inner.route->handler(innermost);
  };
  Chain(onion_, route, callCore, &core).run(event);
}

bool Dispatcher::runFast(Event& event, const Route* route) const {
  for (const Layer<FastMiddleware>& layer : fast_)
    if (layer.filter.appliesTo(event.method(), event.path()) && layer.call(event) == FastResult::stop)
      return false;
  if (route == nullptr) return true;
  for (const FastMiddleware& middleware : route->fast)
    if (middleware(event) == FastResult::stop) return false;
  return true;
}

void Dispatcher::finishDeferred(Event& event) const {
  if (EventState::of(event).error)
    respondToException(event, std::exchange(EventState::of(event).error, nullptr));
  finish(event);
}

// A handler that throws after defer() has failed, whatever becomes of its handle. If it has completed the event
// within its own call, the session finishes the event when that returns.
[[gnu::cold, gnu::noinline]] void Dispatcher::failDeferred(Event& event, std::exception_ptr error) const {
  EventState& state = EventState::of(event);
  state.error = std::move(error);
  if (state.handle.event() != nullptr) state.handle.complete();
}

[[gnu::cold, gnu::noinline]] void Dispatcher::expire(Event& event) const {
  EventState& state = EventState::of(event);
  state.services.deferred.expire(state.handle);
  state.closeAfter = true;
  state.services.counters.add(Metric::handlersTimedOut);
  logError("a handler exceeded its deadline", describeRequest(event));
  respondWithError(event, 504, reasonPhrase(504), nullptr);
  finish(event);
}

// The response is decided.
void Dispatcher::finish(Event& event) const {
  if (EventState::of(event).given == Given::nothing) [[unlikely]]
    respondWhenForgotten(event);
  const RouteTiming& timing = EventState::of(event).timing;
  if (timing.standsFor != 0) [[unlikely]]
    EventState::of(event).services.counters.routes.end(timing, monotonicNs(), event.arena().usedBytes());
  runResponseHooks(event);
}

[[gnu::cold, gnu::noinline]] void Dispatcher::refuse(Event& event, int status) const {
  EventState::of(event).closeAfter = true;
  EventState::of(event).services.counters.add(Metric::requestsRefused);
  respondWithError(event, status, reasonPhrase(status), nullptr);
  runResponseHooks(event);
}

Dispatcher::BodyRule Dispatcher::bodyRule(Event& event) const {
  BodyRule rule{EventState::of(event).services.config.limits.bodyBytes, false};
  const RouteMatch found = match(event);
  if (found.outcome != RouteMatch::Outcome::found) return rule;
  const Route& route = routes_[found.routeId];
  return {route.bodyBytes.value_or(rule.maxBytes), route.streamsBody};
}

[[gnu::cold, gnu::noinline]] void Dispatcher::expireResponse(Event& event) const {
  EventState::of(event).services.counters.add(Metric::handlersTimedOut);
  logError("a handler exceeded its deadline within its response, which is cut", describeRequest(event));
}

[[gnu::cold, gnu::noinline]] void Dispatcher::endResponse(Event& event) const {
  const std::exception_ptr error = EventState::of(event).error;
  if (!error || event.disconnected()) return;
  EventState::of(event).services.counters.add(Metric::handlerErrors);
  logError("a handler failed within its response, which is cut",
           describeRequest(event) + ": " + textOf(error));
}

bool Dispatcher::wantsBody(Event& event) const {
  const RouteMatch found = match(event);
  if (found.outcome == RouteMatch::Outcome::found) {
    const bool coded = EventState::of(event).head.contentCoded;
    if (!coded || !refuseCoded(event, &routes_[found.routeId])) return true;
    EventState::of(event).closeAfter = true;
    runResponseHooks(event);
    return false;
  }
  // Middleware also runs for unmatched requests, and may respond to them: then the whole request is needed.
  const auto applies = [&event](const auto& layer) {
    return layer.filter.appliesTo(event.method(), event.path());
  };
  if (std::any_of(fast_.begin(), fast_.end(), applies) || std::any_of(onion_.begin(), onion_.end(), applies))
    return true;
  EventState::of(event).closeAfter = true;
  respondToUnmatched(event, found);
  runResponseHooks(event);
  return false;
}

[[gnu::cold, gnu::noinline]] void Dispatcher::respondToUnmatched(Event& event,
                                                                 const RouteMatch& match) const {
  if (event.method() == Method::options && event.path() == "*") return event.sendNothing(204);
  if (match.outcome == RouteMatch::Outcome::notFound && event.method() != Method::trace)
    return respondWithError(event, 404, reasonPhrase(404), nullptr);
  event.setHeader("Allow", allowText(event, match.allowed));
  respondWithError(event, 405, reasonPhrase(405), nullptr);
}

std::string_view Dispatcher::allowText(Event& event, MethodSet methods) const {
  std::pmr::string text(&event.arena().resource());
  methods.appendTo(text);
  const auto others = router_.otherMethodsAt(event.path());
  for (std::size_t i = 0; i < router_.otherMethods().count(); ++i)
    if (others[i]) text.append(text.empty() ? "" : ", ").append(router_.otherMethods()[i]);
  return event.arena().copy(text);
}

// A body with a coding that the handler does not decode (RFC 9110 15.5.16, 12.5.3). Returns whether it is one.
[[gnu::cold, gnu::noinline]] bool Dispatcher::refuseCoded(Event& event, const Route* route) const {
  if (route == nullptr || route->acceptsCodedBodies || !EventState::of(event).head.framing.hasBody())
    return false;
  event.setHeader("Accept-Encoding", "identity");
  respondWithError(event, 415, reasonPhrase(415), nullptr);
  return true;
}

[[gnu::cold, gnu::noinline]] void Dispatcher::respondWithError(Event& event, int status,
                                                               std::string_view text,
                                                               std::exception_ptr cause) const {
  event.setStatus(status);
  sendErrorText(event, text);
  if (onError_.empty()) return;  // a flood of bad requests must not create HttpErrors
  const HttpError error(status, std::string(text));
  for (const ErrorHook& hook : onError_) runHook("an onError hook threw", [&] { hook(event, error, cause); });
}

// Neither a send function nor setStatus(): an empty 200 would hide the mistake. A handler that has noticed that its
// client has left need not respond.
[[gnu::cold, gnu::noinline]] void Dispatcher::respondWhenForgotten(Event& event) const {
  if (event.disconnected()) return;
  logError("a handler returned without a response", describeRequest(event));
  EventState::of(event).services.counters.add(Metric::handlerErrors);
  const bool expose = EventState::of(event).services.config.exposeErrors;
  respondWithError(event, 500, expose ? "the handler returned without a response" : reasonPhrase(500),
                   nullptr);
}

[[gnu::cold, gnu::noinline]] void Dispatcher::respondToException(Event& event,
                                                                 const std::exception_ptr& error) const {
  try {
    std::rethrow_exception(error);
  } catch (const InvalidValues& invalid) {
    return respondToInvalidValues(event, invalid, error);
  } catch (const HttpError& thrown) {
    return respondWithError(event, thrown.status(), thrown.what(), error);
  } catch (const std::exception& failure) {
    logError("a handler threw", failure.what());
    EventState::of(event).services.counters.add(Metric::handlerErrors);
    if (EventState::of(event).services.config.exposeErrors)
      return respondWithError(event, 500, failure.what(), error);
  } catch (...) {
    logError("a handler threw", "something that is not a std::exception");
    EventState::of(event).services.counters.add(Metric::handlerErrors);
  }
  respondWithError(event, 500, reasonPhrase(500), error);
}

[[gnu::cold, gnu::noinline]] void Dispatcher::respondToInvalidValues(Event& event,
                                                                     const InvalidValues& invalid,
                                                                     const std::exception_ptr& cause) const {
  try {
    onInvalidValues_ ? onInvalidValues_(event, invalid) : sendInvalidValues(event, invalid);
  } catch (...) {
    logError("the response to wrong values failed", describeRequest(event));
    return respondWithError(event, 500, reasonPhrase(500), cause);
  }
  for (const ErrorHook& hook : onError_)
    runHook("an onError hook threw", [&] { hook(event, invalid, cause); });
}

void Dispatcher::runResponseHooks(Event& event) const {
  for (const ResponseHook& hook : onResponse_) runHook("an onResponse hook threw", [&] { hook(event); });
}

}  // namespace h3
