// What a Dispatcher does when a request gets no response from its handler.
#include <memory_resource>
#include <new>
#include <string>
#include <utility>

#include "app/dispatcher.hpp"
#include "app/event_state.hpp"
#include "app/failure_log.hpp"
#include "http/status.hpp"

namespace h3 {
namespace {

constexpr std::string_view kSilentHandler = "a handler returned without a response";
constexpr std::string_view kSilentOnion = "a middleware neither responded nor called next()";
constexpr std::string_view kSilentFast = "a fast middleware stopped the request without a response";

std::string_view textOf(SilentLayer silent) {
  switch (silent) {
    case SilentLayer::onion:
      return kSilentOnion;
    case SilentLayer::fast:
      return kSilentFast;
    default:
      return kSilentHandler;
  }
}

SilentLayer silentLayer(const EventState& state) {
  if (state.extras == nullptr) return SilentLayer::handler;
  const bool* const reached = state.extras->onionReached;
  return reached != nullptr && !*reached ? SilentLayer::onion : state.extras->silent;
}

// A handler may have failed because the arena is full: then the response has no text.
void sendErrorText(Event& event, std::string_view text) {
  try {
    event.sendText(text);
  } catch (const std::bad_alloc&) {
    event.sendView("", "text/plain; charset=utf-8");
  }
}

bool exposesErrors(Event& event) { return EventState::of(event).services.config.exposeErrors; }

}  // namespace

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
  for (const LayerWait* wait = state.innermostWait(); wait != nullptr; wait = wait->outer)
    state.services.deferred.expire(wait->handle);
  state.closeAfter = true;
  state.services.counters.add(Metric::handlersTimedOut);
  const std::uint32_t limitMs = state.extras != nullptr && state.extras->handlerMs
                                    ? *state.extras->handlerMs
                                    : state.services.config.timeouts.handlerMs;
  const std::string cause = "no response within " + std::to_string(limitMs) + " ms";
  logFailure(event, "a handler exceeded its deadline", cause);
  respondWithError(event, 504, exposesErrors(event) ? "the handler gave " + cause : reasonPhrase(504),
                   nullptr);
  finish(event);
}

[[gnu::cold, gnu::noinline]] void Dispatcher::refuse(Event& event, int status) const {
  EventState::of(event).closeAfter = true;
  EventState::of(event).services.counters.add(Metric::requestsRefused);
  addFieldsToRefusal(event);
  respondWithError(event, status, reasonPhrase(status), nullptr);
  runResponseHooks(event);
}

// What a page of another origin, or a log, needs for this response too. The middleware decides nothing here.
void Dispatcher::addFieldsToRefusal(Event& event) const {
  EventState& state = EventState::of(event);
  const auto run = [&event](const FastMiddleware& middleware) {
    if (middleware.runsOnRefusals())
      runHook(event, "a middleware of a refused request threw", [&] { (void)middleware(event); });
  };
  for (const Layer<FastMiddleware>& layer : fast_)
    if (layer.filter.appliesTo(event.method(), event.path())) run(layer.call);
  if (state.path.empty()) return;
  const RouteMatch found = match(event);
  if (found.outcome != RouteMatch::Outcome::found) return;
  state.routePattern = routes_[found.routeId].pattern;
  for (const FastMiddleware& middleware : routes_[found.routeId].fast) run(middleware);
}

[[gnu::cold, gnu::noinline]] void Dispatcher::expireResponse(Event& event) const {
  EventState::of(event).services.counters.add(Metric::handlersTimedOut);
  logFailure(event, "a handler exceeded its deadline within its response, which is cut");
}

[[gnu::cold, gnu::noinline]] void Dispatcher::endResponse(Event& event) const {
  const std::exception_ptr error = EventState::of(event).error;
  if (!error || event.disconnected()) return;
  EventState::of(event).services.counters.add(Metric::handlerErrors);
  logFailure(event, "a handler failed within its response, which is cut", error);
}

[[gnu::cold, gnu::noinline]] void Dispatcher::respondToUnmatched(Event& event,
                                                                 const RouteMatch& match) const {
  if (event.method() == Method::options && event.path() == "*") return event.sendNothing(204);
  if (match.outcome == RouteMatch::Outcome::notFound && event.method() != Method::trace)
    return respondWithError(event, 404, reasonPhrase(404), nullptr);
  MethodSet allowed = match.allowed;
  allowed.add(Method::options);
  event.setHeader("Allow", allowText(event, allowed));
  if (event.method() == Method::options) return event.sendNothing(204);
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

// Whether the handler gets the body: without a coding, or decoded by it or for it.
[[gnu::cold, gnu::noinline]] bool Dispatcher::takesCoding(const Event& event, const Route& route) {
  if (route.acceptsCodedBodies || !EventState::of(event).head.framing.hasBody()) return true;
  return route.decodesBodies() && route.decoder->accepts(event);
}

// RFC 9110 15.5.16, 12.5.3.
[[gnu::cold, gnu::noinline]] void Dispatcher::refuseCoding(Event& event, const Route& route) const {
  event.setHeader("Accept-Encoding", route.decodesBodies() ? route.decoder->codings() : "identity");
  respondWithError(event, 415, reasonPhrase(415), nullptr);
}

// Of a request with a coding. Returns whether the handler gets its body; else the response is given.
[[gnu::cold, gnu::noinline]] bool Dispatcher::decodeBody(Event& event, const Route& route) const {
  if (!takesCoding(event, route)) {
    refuseCoding(event, route);
    return false;
  }
  EventState& state = EventState::of(event);
  if (route.acceptsCodedBodies || !state.head.framing.hasBody()) return true;
  const int status =
      route.decoder->decode(event, route.bodyBytes.value_or(state.services.config.limits.bodyBytes));
  if (status != 0) respondWithError(event, status, reasonPhrase(status), nullptr);
  return status == 0;
}

[[gnu::cold, gnu::noinline]] void Dispatcher::respondWithError(Event& event, int status,
                                                               std::string_view text,
                                                               std::exception_ptr cause) const {
  event.setStatus(status);
  sendErrorText(event, text);
  if (onError_.empty()) return;  // a flood of bad requests must not create HttpErrors
  const HttpError error(status, std::string(text));
  for (const ErrorHook& hook : onError_)
    runHook(event, "an onError hook threw", [&] { hook(event, error, cause); });
}

[[gnu::cold, gnu::noinline]] void Dispatcher::noteSilent(Event& event, SilentLayer layer) {
  EventState::of(event).getExtras().silent = layer;
}

// Neither a send function nor setStatus(): an empty 200 would hide the mistake. A handler that has noticed that its
// client has left need not respond.
[[gnu::cold, gnu::noinline]] void Dispatcher::respondWhenForgotten(Event& event) const {
  if (event.disconnected()) return;
  const std::string_view cause = textOf(silentLayer(EventState::of(event)));
  logFailure(event, cause);
  EventState::of(event).services.counters.add(Metric::handlerErrors);
  respondWithError(event, 500, exposesErrors(event) ? cause : reasonPhrase(500), nullptr);
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
    logFailure(event, "a handler threw", failure.what());
    EventState::of(event).services.counters.add(Metric::handlerErrors);
    if (exposesErrors(event)) return respondWithError(event, 500, failure.what(), error);
  } catch (...) {
    logFailure(event, "a handler threw", error);
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
    logFailure(event, "the response to wrong values failed", std::current_exception());
    return respondWithError(event, 500, reasonPhrase(500), cause);
  }
  for (const ErrorHook& hook : onError_)
    runHook(event, "an onError hook threw", [&] { hook(event, invalid, cause); });
}

}  // namespace h3
