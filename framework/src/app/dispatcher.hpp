// Runs a request through a frozen App.
#pragma once

#include <cstdint>
#include <exception>
#include <string_view>
#include <utility>
#include <vector>

#include "app/chain.hpp"
#include "app/event_state.hpp"
#include "app/failure_log.hpp"
#include "h3http/app.hpp"
#include "h3http/error.hpp"
#include "routing/router.hpp"

namespace h3 {

/// A frozen App: routes, layers and hooks, read by all workers.
///
/// Threads: immutable; the mutable parts belong to the event's worker.
class Dispatcher {
 public:
  /// What runs the app's requests; freezes the app. Lifetime: the app's.
  static const Dispatcher& of(App& app) { return app.dispatcher(); }

  /// Takes over what was registered. Errors: see App::freeze().
  Dispatcher(std::vector<Route> routes, std::vector<Layer<FastMiddleware>> fast,
             std::vector<Layer<OnionLayer>> onion, std::vector<RequestHook> onRequest,
             std::vector<ResponseHook> onResponse, std::vector<ErrorHook> onError);

  /// Before the first request; an empty one stands for sendInvalidValues().
  void onInvalidValues(InvalidValuesResponder responder) { onInvalidValues_ = std::move(responder); }

  /// Runs hooks, routing, middleware and handler. Afterwards the event has its response, or is deferred().
  void handle(Event& event) const;

  /// Finishes a deferred event: handles its error, if any, then runs the hooks.
  void finishDeferred(Event& event) const;

  /// Responds in place of a deferred handler that takes too long: 504. The handler still uses the event; what it
  /// does to the response has no effect.
  void expire(Event& event) const;

  /// Responds to a request that was refused before it was complete; the event may have only a part of it.
  void refuse(Event& event, int status) const;

  /// How the body of a request is read.
  struct BodyRule {
    std::uint64_t maxBytes = 0;
    bool streams = false;  ///< piece by piece, by the handler
  };
  /// Whether any route has a rule of its own.
  bool hasBodyRules() const { return hasBodyRules_; }
  /// That of the event's route.
  BodyRule bodyRule(Event& event) const;

  /// The handler begins to send its response piece by piece: status and fields are decided.
  void beginResponse(Event& event) const { finish(event); }
  /// It takes too long between two pieces; the response is to be cut.
  void expireResponse(Event& event) const;
  /// The handler of such a response has ended: logs its error, if any.
  void endResponse(Event& event) const;

  /// Whether a handler would accept this request's body; if false, the refusal is in the event (Expect:
  /// 100-continue).
  bool wantsBody(Event& event) const;

  const Router& router() const { return router_; }
  /// In the order of their ids.
  const std::vector<Route>& routes() const { return routes_; }

 private:
  RouteMatch match(Event& event) const;
  RouteMatch matchInline(Event& event) const;
  struct Core;
  void checkOrder(const Route* route);
  void run(Event& event) const;
  void runOnion(Event& event, const Route* route, const RouteMatch& found) const;
  static void setExtras(Event& event, const Route& route);
  static void callCore(void* core, Event& event);
  bool runFast(Event& event, const Route* route) const;
  void respondWithError(Event& event, int status, std::string_view text, std::exception_ptr cause) const;
  void respondToUnmatched(Event& event, const RouteMatch& match) const;
  std::string_view allowText(Event& event, MethodSet methods) const;
  static bool takesCoding(const Event& event, const Route& route);
  void refuseCoding(Event& event, const Route& route) const;
  bool decodeBody(Event& event, const Route& route) const;
  void addFieldsToRefusal(Event& event) const;
  static void noteSilent(Event& event, SilentLayer layer);
  void respondWhenForgotten(Event& event) const;
  void failDeferred(Event& event, std::exception_ptr error) const;
  void respondToInvalidValues(Event& event, const InvalidValues& invalid,
                              const std::exception_ptr& cause) const;
  void respondToException(Event& event, const std::exception_ptr& error) const;
  // The response is decided: exceptions of hooks do not change it any more.
  template <class Call>
  static void runHook(const Event& event, std::string_view what, Call&& call) noexcept {
    try {
      call();
    } catch (...) {
      logFailure(event, what, std::current_exception());
    }
  }
  void runResponseHooks(Event& event) const;
  void finish(Event& event) const;

  std::vector<Route> routes_;
  std::vector<Layer<FastMiddleware>> fast_;
  std::vector<Layer<OnionLayer>> onion_;
  std::vector<RequestHook> onRequest_;
  std::vector<ResponseHook> onResponse_;
  std::vector<ErrorHook> onError_;
  InvalidValuesResponder onInvalidValues_;
  Router router_;
  bool hasBodyRules_ = false;
  bool hasAsyncLayers_ = false;
};

}  // namespace h3
