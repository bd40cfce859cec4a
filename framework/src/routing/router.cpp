#include "routing/router.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "h3http/detail/canonical_segment.hpp"
#include "h3http/detail/route_pattern.hpp"
#include "routing/route_trie.hpp"

namespace h3 {

namespace {

constexpr std::uint32_t kNone = RouteTrie::kNone;
constexpr std::size_t kAnyMethod = kMethodCount;  // The slot after those of the methods.

/// The part of a route that a lookup needs: small, so that a thousand stay in the first-level cache.
struct Route {
  std::uint32_t id;
  std::uint32_t firstName;
  std::uint16_t nameCount;
  bool namesRest;  ///< The last name is that of a '**'.
};

/// The routes of one place, for each method.
struct Endpoint {
  Endpoint() { routes.fill(kNone); }

  std::array<std::uint32_t, kMethodCount + 1> routes;
  MethodSet allowed;
};

// In a value of '**' a decoded slash could not be told from a separator, and "a%2Fb" would be a second
// spelling of "a/b" that a route for "/a/b" does not see.
bool holdsEncodedSlash(std::string_view rest) noexcept {
  return rest.find('%') != std::string_view::npos &&
         rest.find(CanonicalSegment::kEncodedSlash) != std::string_view::npos;
}

std::size_t slotOf(Method method) noexcept { return static_cast<std::size_t>(method); }

std::string nameOf(std::size_t slot) {
  return slot == kAnyMethod ? "any method" : std::string(toString(static_cast<Method>(slot)));
}

}  // namespace

class Router::Impl {
 public:
  void add(std::size_t slot, std::string_view text, std::uint32_t routeId) {
    if (frozen) throw std::logic_error("the router is frozen: register all routes before serve()");
    const RoutePattern pattern(text);
    const std::span<const PatternSegment> segments = pattern.segments();
    const std::uint32_t full = endpointFor(text, segments);
    checkFree(full, slot, text);
    const std::uint32_t shorter =
        pattern.lastIsOptional() ? endpointFor(text, segments.first(segments.size() - 1)) : full;
    checkFree(shorter, slot, text);
    const std::uint32_t route = newRoute(pattern, routeId);
    endpoints[full].routes[slot] = route;
    endpoints[shorter].routes[slot] = route;
  }

  // Decides for each method which route serves it, so that find() only looks it up.
  void freeze() {
    if (frozen) return;
    for (Endpoint& endpoint : endpoints) {
      for (std::size_t slot = 0; slot < kMethodCount; ++slot) {
        if (endpoint.routes[slot] != kNone) endpoint.allowed.add(static_cast<Method>(slot));
      }
      std::uint32_t& head = endpoint.routes[slotOf(Method::head)];
      const std::uint32_t get = endpoint.routes[slotOf(Method::get)];
      if (get != kNone) endpoint.allowed.add(Method::head);
      if (head == kNone) head = get;
      for (std::uint32_t& route : endpoint.routes) {
        if (route == kNone) route = endpoint.routes[kAnyMethod];
      }
    }
    trie.freeze();
    frozen = true;
  }

  RouteMatch find(Method method, std::string_view path, RouteParams& params) const noexcept {
    RouteMatch match;
    const bool found = trie.search(path, [&](std::uint32_t index, const RouteTrie::Captures& captures) {
      const Endpoint& endpoint = endpoints[index];
      const std::uint32_t route = endpoint.routes[slotOf(method)];
      if (route == kNone) {
        match.allowed.add(endpoint.allowed);
        return false;
      }
      if (routes[route].namesRest && holdsEncodedSlash(captures[captures.count() - 1])) return false;
      match.routeId = routes[route].id;
      fill(params, routes[route], captures);
      return true;
    });
    if (found) {
      match.outcome = RouteMatch::Outcome::found;
      match.allowed = {};
    } else if (!match.allowed.empty()) {
      match.outcome = RouteMatch::Outcome::methodNotAllowed;
    }
    return match;
  }

  bool frozen = false;
  std::vector<Route> routes;

 private:
  std::uint32_t endpointFor(std::string_view text, std::span<const PatternSegment> segments) {
    std::uint32_t& endpoint = trie.endpoint(text, segments);
    if (endpoint == kNone) {
      endpoint = static_cast<std::uint32_t>(endpoints.size());
      endpoints.emplace_back();
    }
    return endpoint;
  }

  void checkFree(std::uint32_t endpoint, std::size_t slot, std::string_view text) const {
    const std::uint32_t taken = endpoints[endpoint].routes[slot];
    if (taken == kNone) return;
    throw std::invalid_argument("route " + nameOf(slot) + " \"" + std::string(text) +
                                "\": the same paths are already routed by \"" + patterns[taken] +
                                "\"; remove one of the two");
  }

  std::uint32_t newRoute(const RoutePattern& pattern, std::uint32_t routeId) {
    const auto firstName = static_cast<std::uint32_t>(names.size());
    for (const PatternSegment& segment : pattern.segments())
      if (segment.kind != PatternSegment::Kind::literal && !segment.text.empty())
        names.emplace_back(segment.text);
    patterns.emplace_back(pattern.text());
    const bool namesRest = !pattern.segments().empty() &&
                           pattern.segments().back().kind == PatternSegment::Kind::rest &&
                           !pattern.segments().back().text.empty();
    routes.push_back({routeId, firstName, static_cast<std::uint16_t>(names.size() - firstName), namesRest});
    return static_cast<std::uint32_t>(routes.size() - 1);
  }

  // There can be one name less than captures (an unnamed '**'), or more (an optional parameter that is
  // missing).
  void fill(RouteParams& params, const Route& route, const RouteTrie::Captures& captures) const noexcept {
    const std::size_t count = std::min<std::size_t>(route.nameCount, captures.count());
    for (std::size_t i = 0; i < count; ++i) params.add(names[route.firstName + i], captures[i]);
  }

  RouteTrie trie;
  std::vector<Endpoint> endpoints;
  std::vector<std::string> patterns;  ///< of the routes
  std::vector<std::string> names;
};

Router::Router() : impl_(std::make_unique<Impl>()) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

void Router::add(Method method, std::string_view pattern, std::uint32_t routeId) {
  impl_->add(slotOf(method), pattern, routeId);
}

void Router::addAll(std::string_view pattern, std::uint32_t routeId) {
  impl_->add(kAnyMethod, pattern, routeId);
}

void Router::freeze() { impl_->freeze(); }
bool Router::isFrozen() const noexcept { return impl_->frozen; }
std::size_t Router::routeCount() const noexcept { return impl_->routes.size(); }

RouteMatch Router::find(Method method, std::string_view path, RouteParams& params) const noexcept {
  assert(impl_->frozen && "freeze() the router before find()");
  params.clear();
  return impl_->find(method, path, params);
}

}  // namespace h3
