// router.cpp, route_trie.cpp, literal_edges.cpp and route_cache.cpp.
// Random routes and paths: the trie against a matcher that tries every pattern.
#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include "h3http/detail/route_pattern.hpp"
#include "h3http/detail/segment_constraint.hpp"
#include "routing/route_cache.hpp"
#include "routing/router.hpp"

using h3::Method;
using h3::PatternSegment;
using h3::RouteMatch;
using h3::RouteParams;
using h3::RoutePattern;
using h3::Router;

namespace {

struct Route {
  Method method;
  RoutePattern pattern;
  std::uint32_t id;
};

using Values = std::vector<std::pair<std::string, std::string>>;

/// A pattern's choice at each segment, smaller is preferred; compared from left to right.
struct Candidate {
  std::vector<std::size_t> ranks;
  std::uint32_t id = 0;
  Values values;
  h3::MethodSet methods;
};

std::vector<std::string> split(const std::string& path) {
  std::vector<std::string> segments;
  if (path == "/") return segments;
  for (std::size_t begin = 1; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    segments.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return segments;
}

std::string joined(const std::vector<std::string>& segments, std::size_t first) {
  std::string text;
  for (std::size_t i = first; i < segments.size(); ++i) text.append(i > first ? "/" : "").append(segments[i]);
  return text;
}

constexpr std::size_t kEndRank = 1'000'000;  // A path that ends here goes before '**'.

/// Two constrained parameters rank by registration; here by a route's order.
std::optional<Candidate> matched(const Route& route, std::size_t constraintRank,
                                 const std::vector<std::string>& path, std::size_t patternSegments) {
  Candidate candidate;
  candidate.id = route.id;
  candidate.methods.add(route.method);
  for (std::size_t i = 0; i < patternSegments; ++i) {
    const PatternSegment& segment = route.pattern.segments()[i];
    if (segment.kind == PatternSegment::Kind::rest) {
      if (!segment.text.empty()) candidate.values.emplace_back(segment.text, joined(path, i));
      candidate.ranks.push_back(kEndRank + 1);
      return candidate;
    }
    if (i >= path.size()) return std::nullopt;
    const std::string& text = path[i];
    switch (segment.kind) {
      case PatternSegment::Kind::literal:
        if (text != segment.text) return std::nullopt;
        candidate.ranks.push_back(0);
        break;
      case PatternSegment::Kind::param:
        if (text.empty()) return std::nullopt;
        if (!segment.constraint.empty() &&
            !h3::SegmentConstraint(segment.constraint, 0, segment.constraint.size()).matches(text))
          return std::nullopt;
        candidate.ranks.push_back(segment.constraint.empty() ? 1000 : constraintRank);
        candidate.values.emplace_back(segment.text, text);
        break;
      default:
        if (text.empty()) return std::nullopt;
        candidate.ranks.push_back(1001);
    }
  }
  if (path.size() != patternSegments) return std::nullopt;
  candidate.ranks.push_back(kEndRank);
  return candidate;
}

struct Matched {
  RouteMatch match;
  Values values;
};

Matched reference(const std::vector<Route>& routes, Method method, const std::string& path) {
  const std::vector<std::string> segments = split(path);
  std::optional<Candidate> best;
  Matched result;
  for (const Route& route : routes) {
    const std::size_t count = route.pattern.segments().size();
    for (std::size_t length = count - (route.pattern.lastIsOptional() ? 1 : 0); length <= count; ++length) {
      const auto candidate = matched(route, 1, segments, length);
      if (!candidate) continue;
      result.match.allowed.add(route.method);
      if (route.method == Method::get) result.match.allowed.add(Method::head);
      const bool serves = route.method == method || (method == Method::head && route.method == Method::get);
      if (!serves) continue;
      // Of GET and HEAD at one place, HEAD itself goes first.
      const bool better = !best || candidate->ranks < best->ranks ||
                          (candidate->ranks == best->ranks && route.method == method);
      if (better) best = candidate;
    }
  }
  if (best) {
    result.match = {RouteMatch::Outcome::found, {}, best->id};
    result.values = best->values;
  } else if (!result.match.allowed.empty()) {
    result.match.outcome = RouteMatch::Outcome::methodNotAllowed;
  }
  return result;
}

class Fuzz {
 public:
  explicit Fuzz(std::uint32_t seed) : random_(seed) {}

  std::string pattern() {
    // One constraint only: the order among several is tested by a table.
    const char* const segments[] = {"a", "b", "ab", "longer-than-sixteen-bytes", ":P", ":P", ":P(\\d+)", "*"};
    std::string text;
    int names = 0;
    const auto name = [&names] { return std::string("n").append(std::to_string(names++)); };
    for (std::size_t n = random_() % 4; n > 0; --n) {
      std::string segment = segments[random_() % std::size(segments)];
      if (const std::size_t at = segment.find('P'); at != std::string::npos) segment.replace(at, 1, name());
      text.append("/").append(segment);
    }
    switch (random_() % 6) {
      case 0:
        return text + "/**";
      case 1:
        return text + "/**:rest";
      case 2:
        return text + "/";
      case 3:
        return text.append("/:").append(name()).append("?");
      default:
        return text.empty() ? "/" : text;
    }
  }

  std::string path() {
    const char* const segments[] = {
        "a", "b", "ab", "longer-than-sixteen-bytes", "longer-than-sixteen-bytez", "7", "42", "", "abc"};
    std::string text;
    for (std::size_t n = random_() % 5; n > 0; --n)
      text += std::string("/") + segments[random_() % std::size(segments)];
    return text.empty() ? "/" : text;
  }

  Method method() {
    const Method methods[] = {Method::get, Method::get, Method::head, Method::post};
    return methods[random_() % std::size(methods)];
  }

 private:
  std::mt19937 random_;
};

Values valuesOf(const RouteParams& params) {
  Values values;
  for (std::size_t i = 0; i < params.size(); ++i) values.emplace_back(params[i].name, params[i].value);
  return values;
}

void checkSame(const RouteMatch& match, const RouteParams& params, const Matched& expected) {
  CHECK(match.outcome == expected.match.outcome);
  CHECK(match.allowed == expected.match.allowed);
  CHECK(match.routeId == expected.match.routeId);
  CHECK(valuesOf(params) == expected.values);
}

}  // namespace

TEST_CASE("random routes and paths: trie, cache and reference agree") {
  const auto seed = std::random_device{}();
  MESSAGE("seed " << seed);
  Fuzz fuzz(seed);
  for (int round = 0; round < 60; ++round) {
    Router router;
    std::deque<std::string> patterns;  // The routes have views of them.
    std::vector<Route> routes;
    const std::uint32_t count = round % 2 == 0 ? 25 : 4;  // few of them: long ways without a choice
    for (std::uint32_t id = 0; id < count; ++id) {
      const Route route{fuzz.method(), RoutePattern(patterns.emplace_back(fuzz.pattern())), id};
      const bool taken = std::ranges::any_of(routes, [&](const Route& other) {
        return other.method == route.method && other.pattern.collidesWith(route.pattern);
      });
      CAPTURE(patterns.back());
      if (taken) {
        CHECK_THROWS_AS(router.add(route.method, route.pattern.text(), id), std::invalid_argument);
      } else {
        router.add(route.method, route.pattern.text(), id);
        routes.push_back(route);
      }
    }
    router.freeze();
    h3::RouteCache cache(8);
    for (int i = 0; i < 200; ++i) {
      const Method method = fuzz.method();
      const std::string path = fuzz.path();
      CAPTURE(seed);
      CAPTURE(path);
      const Matched expected = reference(routes, method, path);
      RouteParams params;
      const RouteMatch match = router.find(method, path, params);
      checkSame(match, params, expected);

      RouteMatch cached;
      RouteParams cachedParams;
      if (cache.find(method, path, cached, cachedParams)) {
        checkSame(cached, cachedParams, expected);
      } else {
        cache.insert(method, path, match, params);
      }
    }
  }
}
