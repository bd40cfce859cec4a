#pragma once
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "h3http/detail/route_params.hpp"
#include "h3http/method.hpp"
#include "http/method_names.hpp"

namespace h3 {

struct RouteMatch {
  enum class Outcome : std::uint8_t { found, notFound, methodNotAllowed };
  Outcome outcome = Outcome::notFound;
  MethodSet allowed;  ///< For the Allow field; set when methodNotAllowed. Other: see otherMethodsAt().
  std::uint32_t routeId = 0;  ///< As given to add(); set when found.
};

/// Finds the route of a method and a path.
///
/// Precedence at each segment: literal, constrained parameter, plain parameter, '*', '**'. The search
/// backtracks when a choice leads nowhere, also when the path fits but the method does not. HEAD falls back
/// to GET. Cost: every node of the trie is visited at most once a search, whatever the path. Allocates: add()
/// and freeze() do, find() never. Threads: built by one, then frozen; a frozen router is immutable and shared
/// without locks. Errors: RoutePatternError; std::invalid_argument for a duplicate route; std::logic_error
/// for add() after freeze().
class Router {
 public:
  Router();
  ~Router();
  Router(Router&&) noexcept;
  Router& operator=(Router&&) noexcept;

  void add(Method method, std::string_view pattern, std::uint32_t routeId);
  /// A method by its name. Errors: std::invalid_argument also when there are too many, see MethodNames.
  void add(std::string_view method, std::string_view pattern, std::uint32_t routeId);
  /// For every method, including Method::other; a route of one method at the same place has precedence.
  void addAll(std::string_view pattern, std::uint32_t routeId);

  void freeze();
  bool isFrozen() const noexcept;
  std::size_t routeCount() const noexcept;

  /// `path`: canonical, without query. Call freeze() before. `params` is cleared, then filled
  /// when found; see RouteParams for lifetimes.
  RouteMatch find(Method method, std::string_view path, RouteParams& params) const noexcept;
  /// The same for a method that is Method::other.
  RouteMatch findByName(std::string_view method, std::string_view path, RouteParams& params) const noexcept;

  /// All that add() got by name and that are Method::other. Lifetime: the router's.
  const MethodNames& otherMethods() const noexcept;
  /// Which of them have a route for this path.
  std::bitset<MethodNames::kMaxMethods> otherMethodsAt(std::string_view path) const noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace h3
