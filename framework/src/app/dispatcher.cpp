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

// What GET would send is unknown to a handler for HEAD only, unless it sends that itself (RFC 9110 8.6).
Handler headHandler(Handler handler) {
  return [handler = std::move(handler)](Event& event) {
    EventState::of(event).lengthUnknown = true;
    handler(event);
  };
}

}  // namespace

Dispatcher::Dispatcher(std::vector<Route> routes, std::vector<Layer<FastMiddleware>> fast,
                       std::vector<Layer<OnionLayer>> onion, std::vector<RequestHook> onRequest,
                       std::vector<ResponseHook> onResponse, std::vector<ErrorHook> onError)
    : routes_(std::move(routes)),
      fast_(std::move(fast)),
      onion_(std::move(onion)),
      onRequest_(std::move(onRequest)),
      onResponse_(std::move(onResponse)),
      onError_(std::move(onError)) {
  checkOrder(nullptr);
  for (std::size_t id = 0; id < routes_.size(); ++id) {
    const Route& route = routes_[id];
    checkOrder(&route);
    if (route.method == Method::head) routes_[id].handler = headHandler(std::move(routes_[id].handler));
    hasBodyRules_ = hasBodyRules_ || route.streamsBody || route.bodyBytes;
    routes_[id].hasExtras = route.handlerMs || (route.info && !route.info->values.empty());
    routes_[id].bare = onion_.empty() && route.onion.empty();
    router_.add(route.methodText(), route.pattern, static_cast<std::uint32_t>(id));
  }
  router_.freeze();
}

// Code behind next() must not run before there is a response: no synchronous layer around an asynchronous one or an
// asynchronous handler. `route`: null for requests without a route.
void Dispatcher::checkOrder(const Route* route) {
  bool hasSync = false, isRefused = false;
  const auto add = [&](const OnionLayer& layer) {
    isRefused = isRefused || (layer.async && hasSync);
    hasSync = hasSync || !layer.async;
    hasAsyncLayers_ = hasAsyncLayers_ || layer.async;
  };
  for (const Layer<OnionLayer>& layer : onion_) add(layer.call);
  if (route != nullptr) std::for_each(route->onion.begin(), route->onion.end(), add);
  if (!isRefused && !(hasSync && route != nullptr && route->async)) return;
  const std::string what =
      route == nullptr ? "a middleware" : "route \"" + route->pattern + "\" or a middleware of it";
  throw std::logic_error(
      what +
      " is asynchronous, but below a synchronous middleware, whose code after next() would run "
      "before the response; make that one awaitable, with h3::AsyncNext (h3http/async.hpp), or "
      "use a FastMiddleware with an onResponse hook instead");
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

// Inlined into run(): 18 instructions of each request.
[[gnu::always_inline]] inline RouteMatch Dispatcher::matchInline(Event& event) const {
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

RouteMatch Dispatcher::match(Event& event) const { return matchInline(event); }

void Dispatcher::run(Event& event) const {
  const RouteMatch found = matchInline(event);
  const bool isFound = found.outcome == RouteMatch::Outcome::found;
  const Route* const route = isFound ? &routes_[found.routeId] : nullptr;
  if (isFound) {
    EventState::of(event).routePattern = route->pattern;
    if (route->hasExtras) [[unlikely]]
      setExtras(event, *route);
  }
  RouteTimes& times = EventState::of(event).services.counters.routes;
  const std::uint32_t row = isFound ? found.routeId + 1 : 0;
  if (times.count(row)) [[unlikely]]
    EventState::of(event).timing = times.begin(row, monotonicNs());
  if (!runFast(event, route)) {
    if (EventState::of(event).given == Given::nothing) [[unlikely]]
      noteSilent(event, SilentLayer::fast);
    return;
  }
  if (EventState::of(event).head.contentCoded) [[unlikely]]
    if (isFound && !decodeBody(event, *route)) return;
  if (isFound && route->bare) {
    const AllocScope scope(handlerScope);
    return route->handler(event);
  }
  runOnion(event, route, found);
}

// What the onion calls innermost.
struct Dispatcher::Core {
  const Dispatcher* self;
  const Route* route;
  RouteMatch match;
  bool reached = false;
};

void Dispatcher::callCore(void* core, Event& event) {
  Core& inner = *static_cast<Core*>(core);
  inner.reached = true;
  if (inner.route == nullptr) return inner.self->respondToUnmatched(event, inner.match);
  const AllocScope scope(handlerScope);
  inner.route->handler(event);
}

// What an asynchronous layer needs later is in the arena.
void Dispatcher::runOnion(Event& event, const Route* route, const RouteMatch& found) const {
  Core core{this, route, found};
  if (!hasAsyncLayers_) {
    Chain(onion_, route, callCore, &core).run(event);
    if (!core.reached && EventState::of(event).given == Given::nothing) [[unlikely]]
      noteSilent(event, SilentLayer::onion);
    return;
  }
  Core& kept = *event.arena().make<Core>(core);
  EventState::of(event).getExtras().onionReached = &kept.reached;
  event.arena().make<Chain>(onion_, route, callCore, &kept)->run(event);
}

[[gnu::noinline]] void Dispatcher::setExtras(Event& event, const Route& route) {
  EventExtras& extras = EventState::of(event).getExtras();
  extras.handlerMs = route.handlerMs;
  extras.route = route.info.get();
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

// The response is decided.
void Dispatcher::finish(Event& event) const {
  if (EventState::of(event).given == Given::nothing) [[unlikely]]
    respondWhenForgotten(event);
  const RouteTiming& timing = EventState::of(event).timing;
  if (timing.standsFor != 0) [[unlikely]]
    EventState::of(event).services.counters.routes.end(timing, monotonicNs(), event.arena().usedBytes());
  runResponseHooks(event);
}

Dispatcher::BodyRule Dispatcher::bodyRule(Event& event) const {
  BodyRule rule{EventState::of(event).services.config.limits.bodyBytes, false};
  const RouteMatch found = match(event);
  if (found.outcome != RouteMatch::Outcome::found) return rule;
  const Route& route = routes_[found.routeId];
  return {route.bodyBytes.value_or(rule.maxBytes), route.streamsBody};
}

bool Dispatcher::wantsBody(Event& event) const {
  const RouteMatch found = match(event);
  if (found.outcome == RouteMatch::Outcome::found) {
    const Route& route = routes_[found.routeId];
    if (!EventState::of(event).head.contentCoded || takesCoding(event, route)) return true;
    EventState::of(event).closeAfter = true;
    addFieldsToRefusal(event);
    refuseCoding(event, route);
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

void Dispatcher::runResponseHooks(Event& event) const {
  for (const ResponseHook& hook : onResponse_)
    runHook(event, "an onResponse hook threw", [&] { hook(event); });
}

}  // namespace h3
