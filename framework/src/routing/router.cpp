#include "routing/router.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <cassert>
#include <compare>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "h3http/detail/canonical_segment.hpp"
#include "h3http/detail/route_pattern.hpp"
#include "routing/route_trie.hpp"

namespace h3 {

namespace {

constexpr std::uint32_t kNoRoute = RouteTrie::kNone;
constexpr std::size_t kAnyMethod = kMethodCount;       // The slot after those of the methods.
constexpr std::size_t kFirstOther = kMethodCount + 1;  // And after it those of methods by name.

/// The part of a route that a lookup needs: small, so that a thousand stay in the first-level cache.
struct Route {
  std::uint32_t id;
  std::uint32_t firstName;
  std::uint16_t nameCount;
  bool namesRest;  ///< The last name is that of a '**'.
};

/// The routes of one place, for each method.
struct Endpoint {
  Endpoint() { routes.fill(kNoRoute); }

  std::array<std::uint32_t, kMethodCount + 1> routes;
  MethodSet allowed;
};

// In a value of '**' a decoded slash could not be told from a separator, and "a%2Fb" would be a second
// spelling of "a/b" that a route for "/a/b" does not see.
bool holdsEncodedSlash(std::string_view rest) noexcept {
  return rest.find('%') != std::string_view::npos &&
         rest.find(CanonicalSegment::kEncodedSlash) != std::string_view::npos;
}

/// A route of a method by name: rare, and so not in the endpoint.
struct OtherRoute {
  std::uint32_t endpoint;
  std::uint32_t slot;
  std::uint32_t route;

  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 takes the 0 of the comparison for a null pointer.
  friend auto operator<=>(const OtherRoute&, const OtherRoute&) = default;
};

std::size_t slotOf(Method method) noexcept { return static_cast<std::size_t>(method); }

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
    routeAt(full, slot) = route;
    routeAt(shorter, slot) = route;
  }

  std::size_t slotByName(std::string_view method) {
    const std::size_t index = others.add(method);
    if (index == MethodNames::kNone)
      throw std::invalid_argument("method \"" + std::string(method) + "\": there are more than " +
                                  std::to_string(MethodNames::kMaxMethods) + " methods by name");
    return kFirstOther + index;
  }

  // Decides for each method which route serves it, so that find() only looks it up.
  void freeze() {
    if (frozen) return;
    for (Endpoint& endpoint : endpoints_) {
      for (std::size_t slot = 0; slot < kMethodCount; ++slot) {
        if (endpoint.routes[slot] != kNoRoute) endpoint.allowed.add(static_cast<Method>(slot));
      }
      std::uint32_t& head = endpoint.routes[slotOf(Method::head)];
      const std::uint32_t get = endpoint.routes[slotOf(Method::get)];
      if (get != kNoRoute) endpoint.allowed.add(Method::head);
      if (head == kNoRoute) head = get;
      for (std::uint32_t& route : endpoint.routes) {
        if (route == kNoRoute) route = endpoint.routes[kAnyMethod];
      }
    }
    std::sort(otherRoutes_.begin(), otherRoutes_.end());
    for (const OtherRoute& other : otherRoutes_) endpoints_[other.endpoint].allowed.add(Method::other);
    trie_.freeze();
    frozen = true;
  }

  RouteMatch find(Method method, std::string_view path, RouteParams& params) const noexcept {
    return search(path, params, [this, slot = slotOf(method)](std::uint32_t endpoint) {
      return endpoints_[endpoint].routes[slot];
    });
  }

  RouteMatch find(std::string_view method, std::string_view path, RouteParams& params) const noexcept {
    const std::size_t index = others.find(method);
    if (index == MethodNames::kNone) return find(Method::other, path, params);
    return search(path, params, [this, slot = kFirstOther + index](std::uint32_t endpoint) {
      const std::uint32_t own = otherRoute(endpoint, slot);
      return own != kNoRoute ? own : endpoints_[endpoint].routes[kAnyMethod];
    });
  }

  std::bitset<MethodNames::kMaxMethods> othersAt(std::string_view path) const noexcept {
    std::bitset<MethodNames::kMaxMethods> found;
    trie_.search(path, [&](std::uint32_t endpoint, const RouteTrie::Captures&) {
      for (auto at = firstOther(endpoint, 0); at != otherRoutes_.end() && at->endpoint == endpoint; ++at)
        found.set(at->slot - kFirstOther);
      return false;
    });
    return found;
  }

  bool frozen = false;
  std::vector<Route> routes;
  MethodNames others;

 private:
  // `routeOf`: an endpoint's route for the method, or kNoRoute.
  template <class RouteOf>
  RouteMatch search(std::string_view path, RouteParams& params, RouteOf routeOf) const noexcept {
    RouteMatch match;
    const bool found = trie_.search(path, [&](std::uint32_t endpoint, const RouteTrie::Captures& captures) {
      const std::uint32_t route = routeOf(endpoint);
      if (route == kNoRoute) {
        match.allowed.add(endpoints_[endpoint].allowed);
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

  using OtherRoutes = std::vector<OtherRoute>;

  // The first route of the endpoint whose slot is not below this one.
  OtherRoutes::const_iterator firstOther(std::uint32_t endpoint, std::size_t slot) const noexcept {
    return std::lower_bound(otherRoutes_.begin(), otherRoutes_.end(),
                            OtherRoute{endpoint, static_cast<std::uint32_t>(slot), 0});
  }

  std::uint32_t otherRoute(std::uint32_t endpoint, std::size_t slot) const noexcept {
    const auto at = firstOther(endpoint, slot);
    const bool found = at != otherRoutes_.end() && at->endpoint == endpoint && at->slot == slot;
    return found ? at->route : kNoRoute;
  }

  // Before freeze(): where the endpoint's route for the slot stands, kNoRoute if it has none yet.
  std::uint32_t& routeAt(std::uint32_t endpoint, std::size_t slot) {
    if (slot < kFirstOther) return endpoints_[endpoint].routes[slot];
    const auto same = [&](const OtherRoute& other) {
      return other.endpoint == endpoint && other.slot == slot;
    };
    const auto found = std::find_if(otherRoutes_.begin(), otherRoutes_.end(), same);
    if (found != otherRoutes_.end()) return found->route;
    otherRoutes_.push_back({endpoint, static_cast<std::uint32_t>(slot), kNoRoute});
    return otherRoutes_.back().route;
  }

  std::string nameOf(std::size_t slot) const {
    if (slot >= kFirstOther) return std::string(others[slot - kFirstOther]);
    return slot == kAnyMethod ? "any method" : std::string(toString(static_cast<Method>(slot)));
  }

  std::uint32_t endpointFor(std::string_view text, std::span<const PatternSegment> segments) {
    std::uint32_t& endpoint = trie_.endpoint(text, segments);
    if (endpoint == kNoRoute) {
      endpoint = static_cast<std::uint32_t>(endpoints_.size());
      endpoints_.emplace_back();
    }
    return endpoint;
  }

  void checkFree(std::uint32_t endpoint, std::size_t slot, std::string_view text) {
    const std::uint32_t taken = routeAt(endpoint, slot);
    if (taken == kNoRoute) return;
    throw std::invalid_argument("route " + nameOf(slot) + " \"" + std::string(text) +
                                "\": the same paths are already routed by \"" + patterns_[taken] +
                                "\"; remove one of the two");
  }

  std::uint32_t newRoute(const RoutePattern& pattern, std::uint32_t routeId) {
    const auto firstName = static_cast<std::uint32_t>(names_.size());
    for (const PatternSegment& segment : pattern.segments())
      if (segment.kind != PatternSegment::Kind::literal && !segment.text.empty())
        names_.emplace_back(segment.text);
    patterns_.emplace_back(pattern.text());
    const bool namesRest = !pattern.segments().empty() &&
                           pattern.segments().back().kind == PatternSegment::Kind::rest &&
                           !pattern.segments().back().text.empty();
    routes.push_back({routeId, firstName, static_cast<std::uint16_t>(names_.size() - firstName), namesRest});
    return static_cast<std::uint32_t>(routes.size() - 1);
  }

  // There can be one name less than captures (an unnamed '**'), or more (an optional parameter that is
  // missing).
  void fill(RouteParams& params, const Route& route, const RouteTrie::Captures& captures) const noexcept {
    const std::size_t count = std::min<std::size_t>(route.nameCount, captures.count());
    for (std::size_t i = 0; i < count; ++i) params.add(names_[route.firstName + i], captures[i]);
  }

  RouteTrie trie_;
  std::vector<Endpoint> endpoints_;
  OtherRoutes otherRoutes_;            ///< sorted by freeze()
  std::vector<std::string> patterns_;  ///< of the routes
  std::vector<std::string> names_;
};

Router::Router() : impl_(std::make_unique<Impl>()) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

void Router::add(Method method, std::string_view pattern, std::uint32_t routeId) {
  impl_->add(slotOf(method), pattern, routeId);
}

void Router::add(std::string_view method, std::string_view pattern, std::uint32_t routeId) {
  const Method known = parseMethod(method);
  impl_->add(known == Method::other ? impl_->slotByName(method) : slotOf(known), pattern, routeId);
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

RouteMatch Router::findByName(std::string_view method, std::string_view path,
                              RouteParams& params) const noexcept {
  assert(impl_->frozen && "freeze() the router before find()");
  params.clear();
  return impl_->find(method, path, params);
}

const MethodNames& Router::otherMethods() const noexcept { return impl_->others; }

std::bitset<MethodNames::kMaxMethods> Router::otherMethodsAt(std::string_view path) const noexcept {
  return impl_->othersAt(path);
}

}  // namespace h3
