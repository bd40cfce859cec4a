// App: the routes, middleware and hooks of one HTTP application.
#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "h3http/error.hpp"
#include "h3http/event.hpp"
#include "h3http/handler.hpp"
#include "h3http/invalid_values.hpp"
#include "h3http/method.hpp"
#include "h3http/middleware.hpp"
#include "h3http/route_info.hpp"

namespace h3 {

class BodyDecoder;  // see decompress.hpp, of h3http::compression
class Dispatcher;
struct Lifecycle;
struct Route;
template <class... Handlers>
class RouteTable;

/// Runs when a request has been read, before routing.
using RequestHook = std::function<void(Event&)>;
/// Runs when the response is decided, before it is written; it may still set headers. On every path: also for
/// 404, errors and refused requests.
using ResponseHook = std::function<void(Event&)>;
/// Runs when a request ends in an error, with the error sent to the client; `cause` is null for a refused
/// request.
using ErrorHook = std::function<void(Event&, const HttpError& error, std::exception_ptr cause)>;

/// Runs before the first request, with the loop of the first worker, which does not run yet: for timers, sockets and
/// coroutines of the program's own.
using StartHook = std::function<void(boost::asio::io_context& loop)>;
/// Runs after the last response, when no worker runs any more.
using StopHook = std::function<void()>;

/// Where a task of App::every runs.
enum class EveryOn : std::uint8_t {
  firstWorker,  ///< once an interval, on the loop of the first worker
  eachWorker,   ///< on the loop of each worker, independently: for what belongs to a thread
};

/// A registered route, for its middleware: `app.get("/x", handler).use(onlyForX)`.
class RouteHandle {
 public:
  RouteHandle& use(Middleware middleware) { return addLayer(std::move(middleware), false); }
  template <AsyncMiddleware F>
  RouteHandle& use(F middleware) {
    return addLayer(makeAsyncMiddleware(std::move(middleware)), true);
  }
  RouteHandle& useFast(FastMiddleware middleware);
  /// The handler decodes request bodies with a Content-Encoding itself. Without this, and without decodeBodies(), they get
  /// a 415: a handler would take the coded bytes for the content. Source: RFC 9110 15.5.16.
  RouteHandle& acceptCodedBodies();
  /// Request bodies with a Content-Encoding are decoded before the handler sees them: see decompress.hpp.
  RouteHandle& decodeBodies(std::shared_ptr<const BodyDecoder> decoder);
  /// Instead of LimitConfig::bodyBytes: 0 to 16 MiB; a larger body gets a 413 before it is read. Errors:
  /// std::invalid_argument.
  RouteHandle& limitBody(std::uint64_t bytes);
  /// Instead of TimeoutConfig::handlerMs, for handlers that respond later; 0: as long as it takes. At most one day.
  /// Errors: std::invalid_argument.
  RouteHandle& limitTime(std::chrono::milliseconds time);
  /// The handler is called when the head has been read, and reads the body itself, by Event::readSome() or
  /// receiveBody(): so an upload needs no more memory than its connection's buffer. `maxBytes`: any; a Content-Length
  /// beyond it gets a 413 before the handler is called, a chunked body ends with that. Trailers: 4 KiB at most.
  RouteHandle& streamBody(std::uint64_t maxBytes);

  // About the route: for documents (openapi.hpp) and, meta() alone, for middleware and handlers. A request to a route
  // with meta() takes a few bytes of its arena, to others nothing.
  RouteHandle& summary(std::string text);      ///< one line
  RouteHandle& description(std::string text);  ///< Markdown
  RouteHandle& operationId(std::string id);    ///< unique in the App
  RouteHandle& tag(std::string name);          ///< a group of routes; further ones are added
  /// Any key and value, read by Event::routeMeta(): `.meta("role", "admin")`. Documents have keys that begin with "x-".
  RouteHandle& meta(std::string key, std::string value);
  /// Names of schemes of which one must be satisfied; none: public. It only documents: a middleware checks.
  RouteHandle& security(std::vector<std::string> schemes);
  /// A response that the route may give. `status`: 200 to 599, else std::invalid_argument. `schema`: a JSON Schema as
  /// text, see jsonSchema<T>() of json_binding.hpp; "": any.
  RouteHandle& response(int status, std::string description, std::string schema = {},
                        std::string contentType = "application/json");
  RouteHandle& hidden();  ///< not in documents

 private:
  friend class App;
  RouteHandle& addLayer(Middleware middleware, bool async);
  RouteInfo& info();
  RouteHandle(class App& app, std::size_t index) : app_(app), index_(index) {}
  class App& app_;
  std::size_t index_;
};

/// The routes, middleware and hooks of one application.
///
/// Built on one thread, then frozen by serve() or freeze(): from then on it is read by all workers without
/// locks, and a change throws std::logic_error. Patterns: `/users/:id`, `:name?`, `*`, `**:rest`, `:id(\d+)`;
/// static beats param beats wildcard. HEAD is served by GET's handler, and OPTIONS with a 204 and Allow, unless a route
/// has it. Order: onRequest, routing, fast middleware, onion, handler, onResponse.
/// Middleware runs in the order of registration, also for requests that match no route. Errors: a wrong or
/// duplicate pattern throws std::invalid_argument when it is registered or frozen.
class App {
 public:
  App();
  ~App();
  App(App&&) noexcept;
  App& operator=(App&&) noexcept;

  template <class F>
  RouteHandle get(std::string_view pattern, F handler) {
    return on(Method::get, pattern, std::move(handler));
  }
  template <class F>
  RouteHandle post(std::string_view pattern, F handler) {
    return on(Method::post, pattern, std::move(handler));
  }
  template <class F>
  RouteHandle put(std::string_view pattern, F handler) {
    return on(Method::put, pattern, std::move(handler));
  }
  template <class F>
  RouteHandle patch(std::string_view pattern, F handler) {
    return on(Method::patch, pattern, std::move(handler));
  }
  template <class F>
  RouteHandle del(std::string_view pattern, F handler) {
    return on(Method::del, pattern, std::move(handler));
  }
  template <class F>
  RouteHandle head(std::string_view pattern, F handler) {
    return on(Method::head, pattern, std::move(handler));
  }
  template <class F>
  RouteHandle options(std::string_view pattern, F handler) {
    return on(Method::options, pattern, std::move(handler));
  }

  /// One method. The handler is any callable on Event& that returns void, a value (see handler.hpp) or an
  /// awaitable.
  template <class F>
  RouteHandle on(Method method, std::string_view pattern, F handler) {
    checkHandler(handler, pattern);
    const std::shared_ptr<RouteInfo> info = describe(handler);
    return addRoute(method, pattern, makeHandler(std::move(handler)), AsyncHandler<F>, info);
  }

  /// A method by its name: PROPFIND, QUERY or your own, any token of at most 32 bytes and at most 32 of them; such
  /// an Event::method() is Method::other. Source: RFC 9110 9.1 and 16.1. Errors: std::invalid_argument for another
  /// name, and for "get": methods are case-sensitive.
  template <class F>
  RouteHandle on(std::string_view method, std::string_view pattern, F handler) {
    checkHandler(handler, pattern);
    const std::shared_ptr<RouteInfo> info = describe(handler);
    return addRoute(method, pattern, makeHandler(std::move(handler)), AsyncHandler<F>, info);
  }

  /// All of get, post, put, patch, del, options (and HEAD through GET).
  template <class F>
  void all(std::string_view pattern, F handler) {
    for (const Method method :
         {Method::get, Method::post, Method::put, Method::patch, Method::del, Method::options})
      on(method, pattern, handler);
  }

  /// Registers the routes of a table that the compiler has checked, as on() would. See route_table.hpp.
  template <class... Handlers>
  App& routes(const RouteTable<Handlers...>& table) {
    table.forEach([this](Method method, std::string_view pattern, auto handler) {
      this->on(method, pattern, std::move(handler));
    });
    return *this;
  }

  /// limitBody() and limitTime() for all routes of this App that have none of their own and do not stream: with
  /// mount(), for a group.
  App& limitBody(std::uint64_t bytes);
  App& limitTime(std::chrono::milliseconds time);
  /// RouteHandle::decodeBodies() for all routes of this App that have none of their own.
  App& decodeBodies(std::shared_ptr<const BodyDecoder> decoder);

  App& use(Middleware middleware) { return use(Scope{}, std::move(middleware)); }
  App& use(Scope scope, Middleware middleware) {
    return addLayer(std::move(scope), std::move(middleware), false);
  }
  /// Awaitable middleware, also around handlers that respond later: see AsyncNext (async.hpp).
  template <AsyncMiddleware F>
  App& use(F middleware) {
    return use(Scope{}, std::move(middleware));
  }
  template <AsyncMiddleware F>
  App& use(const Scope& scope, F middleware) {
    return addLayer(scope, makeAsyncMiddleware(std::move(middleware)), true);
  }
  App& useFast(FastMiddleware middleware) { return useFast(Scope{}, std::move(middleware)); }
  App& useFast(Scope scope, FastMiddleware middleware);

  App& onRequest(RequestHook hook);
  App& onResponse(ResponseHook hook);
  App& onError(ErrorHook hook);
  /// Responds to requests whose values are wrong (InvalidValues), in place of sendInvalidValues(). The last one counts;
  /// onError hooks run after it.
  App& onInvalidValues(InvalidValuesResponder responder);

  /// Runs `task` again and again, on a worker's loop, as its handlers: it must not block. First one interval after
  /// the start; an interval that a slow task misses is left out. Its exceptions are logged, and it goes on. Not after
  /// the drain has begun. `interval`: a std::chrono::duration, 1 ms to a day, else std::invalid_argument.
  template <class Duration>
  App& every(Duration interval, std::function<void()> task, EveryOn where = EveryOn::firstWorker) {
    using Period = typename Duration::period;
    const double seconds = static_cast<double>(interval.count()) * static_cast<double>(Period::num) /
                           static_cast<double>(Period::den);
    return everySeconds(seconds, std::move(task), where);
  }

  /// Runs in Server::start(), on the caller's thread, in the order of registration. If one throws, the stop hooks that
  /// were registered before it run, and start() throws that. A hook that takes no argument will do.
  template <class F>
  App& onStart(F hook) {
    if constexpr (std::is_invocable_v<F&, boost::asio::io_context&>) {
      return addStartHook(std::move(hook));
    } else {
      return addStartHook([hook = std::move(hook)](boost::asio::io_context&) mutable { hook(); });
    }
  }
  /// Runs in Server::join() after the drain, in reverse order of registration. Its exceptions are logged.
  App& onStop(StopHook hook);
  /// Runs when serve() receives SIGHUP, on its thread, while workers serve; without one SIGHUP ends the process.
  App& onHangup(std::function<void()> hook);

  /// Adds the routes and middleware of `inner` below `prefix`, which is literal, as that of a Scope; its middleware
  /// applies only there. Its hooks and tasks become those of the whole application.
  App& mount(std::string_view prefix, App inner);

  /// Ends registration: builds the router and the chains. Called by serve(). Idempotent. Errors: a synchronous onion
  /// middleware around an awaitable handler or middleware throws std::logic_error: its code after `next()` would run
  /// before the response. Make it awaitable (see AsyncNext), or use a FastMiddleware with an onResponse hook.
  void freeze();
  bool frozen() const;

  /// All routes, in the order of registration, those of mounted Apps included.
  std::vector<RouteInfo> routeInfos() const;
  /// Runs when freeze() begins, in the order of registration: for what is made from all routes. It must not register
  /// more. Its exceptions are those of freeze().
  App& onFreeze(std::function<void(const App&)> hook);

 private:
  friend class Dispatcher;
  friend class RouteHandle;
  friend struct Lifecycle;
  struct Registry;

  // For handlers that say which parameters they read: withValues() of typed_values.hpp.
  template <class F>
  static void checkHandler(const F& handler, std::string_view pattern) {
    if constexpr (requires { handler.checkPattern(pattern); }) handler.checkPattern(pattern);
  }
  // What such a handler says about its values; null for another.
  template <class F>
  static std::shared_ptr<RouteInfo> describe(const F& handler) {
    std::shared_ptr<RouteInfo> info;
    if constexpr (requires(RouteInfo & filled) { handler.describe(filled); }) {
      info = std::make_shared<RouteInfo>();
      handler.describe(*info);
    }
    return info;
  }
  RouteHandle addRoute(std::string_view method, std::string_view pattern, Handler handler, bool async,
                       std::shared_ptr<RouteInfo> info);
  RouteHandle addRoute(Method method, std::string_view pattern, Handler handler, bool async,
                       std::shared_ptr<RouteInfo> info);
  RouteHandle addRoute(Route route);
  App& addLayer(Scope scope, Middleware middleware, bool async);
  App& addStartHook(StartHook hook);
  App& everySeconds(double seconds, std::function<void()> task, EveryOn where);
  Registry& open();  // throws when frozen
  const Dispatcher& dispatcher();
  Lifecycle& lifecycle();

  std::unique_ptr<Registry> registry_;
};

}  // namespace h3
