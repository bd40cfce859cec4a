#include "h3http/app.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <stdexcept>

#include "app/chain.hpp"
#include "app/dispatcher.hpp"
#include "app/lifecycle.hpp"
#include "http/ascii_case.hpp"
#include "protocol/field_text.hpp"

namespace h3 {

struct App::Registry {
  std::vector<Route> routes;
  std::vector<Layer<FastMiddleware>> fast;
  std::vector<Layer<OnionLayer>> onion;
  std::vector<RequestHook> onRequest;
  std::vector<ResponseHook> onResponse;
  std::vector<ErrorHook> onError;
  InvalidValuesResponder onInvalidValues;
  std::optional<std::uint64_t> bodyBytes;
  std::optional<std::uint32_t> handlerMs;
  Lifecycle lifecycle;
  std::optional<Dispatcher> dispatcher;

  /// Gives its limits to the routes without their own.
  void applyLimits() {
    for (Route& route : routes) {
      if (!route.bodyBytes) route.bodyBytes = bodyBytes;
      if (!route.handlerMs) route.handlerMs = handlerMs;
    }
  }
};

namespace {

constexpr std::uint64_t kMaxWholeBodyBytes = 16 * 1024 * 1024;                 // as LimitConfig::bodyBytes
constexpr std::chrono::milliseconds kMaxHandlerTime = std::chrono::hours(24);  // as TimeoutConfig::handlerMs

std::uint64_t checkedBodyLimit(std::uint64_t bytes, const std::string& owner) {
  if (bytes <= kMaxWholeBodyBytes) return bytes;
  throw std::invalid_argument(owner + ": limitBody(" + std::to_string(bytes) + "): expected at most " +
                              std::to_string(kMaxWholeBodyBytes) +
                              "; a larger body is read by a route with streamBody()");
}

std::uint32_t checkedTimeLimit(std::chrono::milliseconds time, const std::string& owner) {
  if (time >= std::chrono::milliseconds(0) && time <= kMaxHandlerTime)
    return static_cast<std::uint32_t>(time.count());
  throw std::invalid_argument(owner + ": limitTime(" + std::to_string(time.count()) +
                              " ms): expected 0 to one day");
}

void checkMethodName(std::string_view name, std::string_view pattern) {
  const auto refuse = [&](const std::string& problem) {
    throw std::invalid_argument("route \"" + std::string(pattern) + "\": method \"" + std::string(name) +
                                "\": " + problem);
  };
  if (name.empty() || name.size() > MethodNames::kMaxBytes ||
      !std::all_of(name.begin(), name.end(), protocol::isTokenByte))
    refuse("expected a token of 1 to " + std::to_string(MethodNames::kMaxBytes) + " bytes");
  for (std::size_t i = 0; i + 1 < kMethodCount; ++i) {
    const std::string_view known = toString(static_cast<Method>(i));
    if (equalsIgnoringCase(name, known))
      refuse("methods are case-sensitive, expected \"" + std::string(known) + "\"");
  }
}

}  // namespace

App::App() : registry_(std::make_unique<Registry>()) {}
App::~App() = default;
App::App(App&&) noexcept = default;
App& App::operator=(App&&) noexcept = default;

App::Registry& App::open() {
  if (frozen())
    throw std::logic_error("the App is frozen: routes, middleware and hooks are registered before serve()");
  return *registry_;
}

bool App::frozen() const { return registry_->dispatcher.has_value(); }

RouteHandle App::addRoute(Method method, std::string_view pattern, Handler handler, bool async) {
  if (!isRoutable(method))
    throw std::invalid_argument("route \"" + std::string(pattern) +
                                "\": TRACE, CONNECT and unknown methods have no routes");
  return addRoute(Route{method, {}, std::string(pattern), std::move(handler), async, {}, {}});
}

RouteHandle App::addRoute(std::string_view method, std::string_view pattern, Handler handler, bool async) {
  const Method known = parseMethod(method);
  if (known != Method::other) return addRoute(known, pattern, std::move(handler), async);
  checkMethodName(method, pattern);
  return addRoute(Route{known, std::string(method), std::string(pattern), std::move(handler), async, {}, {}});
}

RouteHandle App::addRoute(Route route) {
  open().routes.push_back(std::move(route));
  return {*this, registry_->routes.size() - 1};
}

RouteHandle& RouteHandle::addLayer(Middleware middleware, bool async) {
  app_.open().routes[index_].onion.push_back({std::move(middleware), async});
  return *this;
}

RouteHandle& RouteHandle::useFast(FastMiddleware middleware) {
  app_.open().routes[index_].fast.push_back(std::move(middleware));
  return *this;
}

RouteHandle& RouteHandle::acceptCodedBodies() {
  app_.open().routes[index_].acceptsCodedBodies = true;
  return *this;
}

RouteHandle& RouteHandle::limitBody(std::uint64_t bytes) {
  Route& route = app_.open().routes[index_];
  route.bodyBytes = checkedBodyLimit(bytes, "route \"" + route.pattern + '"');
  return *this;
}

RouteHandle& RouteHandle::limitTime(std::chrono::milliseconds time) {
  Route& route = app_.open().routes[index_];
  route.handlerMs = checkedTimeLimit(time, "route \"" + route.pattern + '"');
  return *this;
}

RouteHandle& RouteHandle::streamBody(std::uint64_t maxBytes) {
  Route& route = app_.open().routes[index_];
  route.streamsBody = true;
  route.bodyBytes = maxBytes;
  return *this;
}

App& App::limitBody(std::uint64_t bytes) {
  open().bodyBytes = checkedBodyLimit(bytes, "App");
  return *this;
}

App& App::limitTime(std::chrono::milliseconds time) {
  open().handlerMs = checkedTimeLimit(time, "App");
  return *this;
}

App& App::addLayer(Scope scope, Middleware middleware, bool async) {
  open().onion.push_back({ScopeFilter(std::move(scope)), {std::move(middleware), async}});
  return *this;
}

App& App::useFast(Scope scope, FastMiddleware middleware) {
  open().fast.push_back({ScopeFilter(std::move(scope)), std::move(middleware)});
  return *this;
}

App& App::onRequest(RequestHook hook) {
  open().onRequest.push_back(std::move(hook));
  return *this;
}

App& App::onResponse(ResponseHook hook) {
  open().onResponse.push_back(std::move(hook));
  return *this;
}

App& App::onError(ErrorHook hook) {
  open().onError.push_back(std::move(hook));
  return *this;
}

App& App::onInvalidValues(InvalidValuesResponder responder) {
  open().onInvalidValues = std::move(responder);
  return *this;
}

App& App::addStartHook(StartHook hook) {
  open().lifecycle.onStart.push_back(std::move(hook));
  return *this;
}

App& App::onStop(StopHook hook) {
  Lifecycle& all = open().lifecycle;
  all.onStop.push_back({std::move(hook), all.onStart.size()});
  return *this;
}

App& App::onHangup(std::function<void()> hook) {
  open().lifecycle.onHangup.push_back(std::move(hook));
  return *this;
}

App& App::everySeconds(double seconds, std::function<void()> task, EveryOn where) {
  constexpr double kMinSeconds = 0.001;
  constexpr double kMaxSeconds = 86'400;
  if (!(seconds >= kMinSeconds && seconds <= kMaxSeconds))
    throw std::invalid_argument("App::every: found an interval of " + std::to_string(seconds) +
                                " s, expected 0.001 to 86400 s");
  const std::chrono::nanoseconds interval(static_cast<std::int64_t>(seconds * 1e9));
  open().lifecycle.every.push_back({interval, std::move(task), where});
  return *this;
}

App& App::mount(std::string_view prefix, App inner) {
  Registry& own = open();
  Registry& other = inner.open();
  checkPrefix("mount", prefix);
  const auto moveAll = [](auto& from, auto& to) {
    std::move(from.begin(), from.end(), std::back_inserter(to));
  };
  other.applyLimits();
  for (Route& route : other.routes) {
    const bool root = route.pattern == "/" && !prefix.empty();
    route.pattern = root ? std::string(prefix) : std::string(prefix) + route.pattern;
  }
  for (auto& layer : other.fast) layer.filter.mountAt(prefix);
  for (auto& layer : other.onion) layer.filter.mountAt(prefix);
  moveAll(other.routes, own.routes);
  moveAll(other.fast, own.fast);
  moveAll(other.onion, own.onion);
  moveAll(other.onRequest, own.onRequest);
  moveAll(other.onResponse, own.onResponse);
  moveAll(other.onError, own.onError);
  if (!own.onInvalidValues) own.onInvalidValues = std::move(other.onInvalidValues);
  own.lifecycle.append(std::move(other.lifecycle));
  return *this;
}

void App::freeze() {
  if (frozen()) return;
  Registry& all = *registry_;
  all.applyLimits();
  all.dispatcher.emplace(all.routes, all.fast, all.onion, all.onRequest, all.onResponse, all.onError);
  all.dispatcher->onInvalidValues(all.onInvalidValues);
}

Lifecycle& App::lifecycle() { return registry_->lifecycle; }

const Dispatcher& App::dispatcher() {
  freeze();
  return *registry_->dispatcher;
}

void respond(Event& event, const Response& response) {
  event.setStatus(response.status);
  for (const auto& [name, value] : response.headers) event.appendHeader(name, value);
  event.sendBytes(response.body, response.contentType);
}

}  // namespace h3
