#include "h3http/app.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <stdexcept>

#include "app/app_registry.hpp"
#include "http/ascii_case.hpp"
#include "protocol/field_text.hpp"

namespace h3 {

namespace {

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

RouteHandle App::addRoute(Method method, std::string_view pattern, Handler handler, bool async,
                          std::shared_ptr<RouteInfo> info) {
  if (!isRoutable(method))
    throw std::invalid_argument("route \"" + std::string(pattern) +
                                "\": TRACE, CONNECT and unknown methods have no routes");
  Route route{method, {}, std::string(pattern), std::move(handler), async, {}, {}};
  route.info = std::move(info);
  return addRoute(std::move(route));
}

RouteHandle App::addRoute(std::string_view method, std::string_view pattern, Handler handler, bool async,
                          std::shared_ptr<RouteInfo> info) {
  const Method known = parseMethod(method);
  if (known != Method::other) return addRoute(known, pattern, std::move(handler), async, std::move(info));
  checkMethodName(method, pattern);
  Route route{known, std::string(method), std::string(pattern), std::move(handler), async, {}, {}};
  route.info = std::move(info);
  return addRoute(std::move(route));
}

RouteHandle App::addRoute(Route route) {
  open().routes.push_back(std::move(route));
  return {*this, registry_->routes.size() - 1};
}

App& App::limitBody(std::uint64_t bytes) {
  open().bodyBytes = checkedBodyLimit(bytes, "App");
  return *this;
}

App& App::limitTime(std::chrono::milliseconds time) {
  open().handlerMs = checkedTimeLimit(time, "App");
  return *this;
}

App& App::decodeBodies(std::shared_ptr<const BodyDecoder> decoder) {
  open().decoder = std::move(decoder);
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

App& App::onFreeze(std::function<void(const App&)> hook) {
  open().onFreeze.push_back(std::move(hook));
  return *this;
}

std::vector<RouteInfo> App::routeInfos() const {
  std::vector<RouteInfo> infos;
  for (const Route& route : registry_->routes) {
    infos.push_back(route.info ? *route.info : RouteInfo{});
    infos.back().method = route.methodText();
    infos.back().pattern = route.pattern;
  }
  return infos;
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
  other.applyToRoutes();
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
  moveAll(other.onFreeze, own.onFreeze);
  own.lifecycle.append(std::move(other.lifecycle));
  return *this;
}

void App::freeze() {
  if (frozen()) return;
  Registry& all = *registry_;
  for (const auto& hook : all.onFreeze) hook(*this);
  all.applyToRoutes();
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
