// Routes that are known at compile time, checked by the compiler.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "h3http/app.hpp"
#include "h3http/detail/route_pattern.hpp"
#include "h3http/method.hpp"

namespace h3 {

/// A route of a RouteTable, parsed; made by route().
template <class Handler>
struct TableRoute {
  Method method;
  RoutePattern pattern;
  Handler handler;
};

namespace detail {

// Not constexpr: at compile time this call is the error, and the compiler shows its line with the problem.
void refuseTable(std::string_view problem);

// Patterns that collide have the same literals. Comparing their hashes first keeps hundreds of routes within
// the steps that Clang grants a constant expression. FNV-1a.
constexpr std::uint32_t literalsHash(const RoutePattern& pattern) noexcept {
  std::uint32_t hash = 2166136261U;
  for (const PatternSegment& segment : pattern.segments()) {
    if (segment.kind != PatternSegment::Kind::literal) continue;
    for (const char c : segment.text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  }
  return hash;
}

struct TablePlace {
  Method method;
  std::uint32_t literals;
  const RoutePattern* pattern;
};

constexpr void checkPlace(const TablePlace* places, std::size_t index, const RoutePattern& pattern) {
  const TablePlace& place = places[index];
  for (const TablePlace* earlier = places; earlier != &place; ++earlier)
    if (earlier->literals == place.literals && earlier->method == place.method &&
        earlier->pattern->collidesWith(pattern))
      refuseTable("an earlier route has the same method and the same paths; remove one of the two");
}

template <std::size_t Index, class Handler>
struct TableEntry {
  Method method;
  std::string_view pattern;
  Handler handler;
};

// A std::tuple of 200 elements would take seconds to compile.
template <class Indices, class... Handlers>
struct TableEntries;
template <std::size_t... Indices, class... Handlers>
struct TableEntries<std::index_sequence<Indices...>, Handlers...> : TableEntry<Indices, Handlers>... {
  template <class Visit>
  void forEach(Visit& visit) const {
    (visitOne(static_cast<const TableEntry<Indices, Handlers>&>(*this), visit), ...);
  }
  template <class Entry, class Visit>
  static void visitOne(const Entry& entry, Visit& visit) {
    visit(entry.method, entry.pattern, entry.handler);
  }
};

}  // namespace detail

/// A route for a table. The handler: as for App::on(), but a constant: a function, or a lambda without
/// captures.
template <std::invocable<Event&> Handler>
constexpr TableRoute<Handler> route(Method method, std::string_view pattern, Handler handler) {
  if (!isRoutable(method)) detail::refuseTable("TRACE, CONNECT and unknown methods have no routes");
  return {method, RoutePattern(pattern), handler};
}

/// The routes of an application, or of a part of it, as one constant:
///
///     constexpr h3::RouteTable kRoutes{
///         h3::route(h3::Method::get, "/users", listUsers),
///         h3::route(h3::Method::post, "/users", createUser),
///         h3::route(h3::Method::get, R"(/users/:id(\d+))", [](h3::Event& event) { ... }),
///     };
///     app.routes(kRoutes);
///
/// Once registered they are routes like any others: precedence, HEAD, 405, middleware, hooks and metrics are
/// the same, and App::mount() adds a prefix. The order matters only for constraints at one place. Allocates:
/// nothing. Errors: none at run time; errors that App and Router would throw for do not compile: a wrong
/// pattern, a missing name, two routes for the same method and paths, a method that has no routes. The
/// compiler's message has the route, the problem and the fix. Two tables, or a table and single routes, are
/// compared when the app is frozen. Up to 250 routes; beyond that Clang wants two tables.
template <class... Handlers>
class RouteTable {
 public:
  explicit consteval RouteTable(const TableRoute<Handlers>&... routes)
      : entries_{{routes.method, routes.pattern.text(), routes.handler}...} {
    if constexpr (size() > 1) {
      const detail::TablePlace places[] = {
          {routes.method, detail::literalsHash(routes.pattern), &routes.pattern}...};
      std::size_t index = 0;
      (detail::checkPlace(places, index++, routes.pattern), ...);  // GCC's message then counts: routes#1
    }
  }

  static constexpr std::size_t size() noexcept { return sizeof...(Handlers); }

  /// visit(method, pattern, handler) for each, in order.
  template <class Visit>
  void forEach(Visit&& visit) const {
    entries_.forEach(visit);
  }

 private:
  detail::TableEntries<std::index_sequence_for<Handlers...>, Handlers...> entries_;
};

}  // namespace h3
