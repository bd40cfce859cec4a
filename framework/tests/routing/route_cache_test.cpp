#include "routing/route_cache.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <list>
#include <random>
#include <string>
#include <vector>

#include "../memory/allocation_counter.hpp"

using h3::Method;
using h3::RouteCache;
using h3::RouteMatch;
using h3::RouteParams;
using h3::Router;
using h3::SeededHash;

namespace {

RouteMatch foundRoute(std::uint32_t id) { return {RouteMatch::Outcome::found, {}, id}; }

bool has(RouteCache& cache, std::string_view path, Method method = Method::get) {
  RouteMatch match;
  RouteParams params;
  return cache.find(method, path, match, params);
}

void put(RouteCache& cache, std::string_view path, std::uint32_t id, Method method = Method::get) {
  cache.insert(method, path, foundRoute(id), RouteParams());
}

}  // namespace

TEST_CASE("what is kept is found again, for its method only") {
  RouteCache cache(4);
  put(cache, "/a", 7);
  RouteMatch match;
  RouteParams params;
  CHECK(cache.find(Method::get, "/a", match, params));
  CHECK(match.outcome == RouteMatch::Outcome::found);
  CHECK(match.routeId == 7);
  CHECK_FALSE(has(cache, "/a", Method::post));
  CHECK_FALSE(has(cache, "/A"));
  CHECK_FALSE(has(cache, "/a/"));
  CHECK_FALSE(has(cache, ""));
  const auto stats = cache.stats();
  CHECK(stats.hits == 1);
  CHECK(stats.misses == 4);
  CHECK(stats.insertions == 1);
  CHECK(stats.size == 1);
  CHECK(stats.capacity == 4);
  CHECK(stats.hitRatio() == 0.2);
}

TEST_CASE("keys are copies, values are views into the path of the question") {
  Router router;
  router.add(Method::get, "/users/:id/files/**:rest", 3);
  router.freeze();
  RouteCache cache(4);
  std::string path = "/users/42/files/a/b";
  RouteParams params;
  const RouteMatch match = router.find(Method::get, path, params);
  cache.insert(Method::get, path, match, params);
  path.assign(path.size(), '#');  // The first request is over, its buffer reused.

  const std::string again = "/users/42/files/a/b";
  RouteMatch cached;
  RouteParams cachedParams;
  REQUIRE(cache.find(Method::get, again, cached, cachedParams));
  CHECK(cached.routeId == 3);
  REQUIRE(cachedParams.size() == 2);
  CHECK(cachedParams[0].name == "id");
  CHECK(cachedParams[0].value == "42");
  CHECK(cachedParams[0].value.data() == again.data() + 7);
  CHECK(cachedParams.find("rest") == "a/b");
}

TEST_CASE("an empty rest at the end of the path") {
  Router router;
  router.add(Method::get, "/files/**:rest", 1);
  router.freeze();
  RouteCache cache(2);
  const std::array<std::string_view, 2> paths = {"/files", "/files/"};
  CHECK(cache.warm(router, paths) == 2);
  RouteMatch match;
  RouteParams params;
  CHECK(cache.find(Method::get, "/files", match, params));
  CHECK(params.find("rest") == "");
}

TEST_CASE("a miss changes neither match nor params") {
  RouteCache cache(2);
  RouteMatch match = foundRoute(9);
  RouteParams params;
  params.add("n", "v");
  CHECK_FALSE(cache.find(Method::get, "/none", match, params));
  CHECK(match.routeId == 9);
  CHECK(params.size() == 1);
}

TEST_CASE("the least recently used goes first") {
  RouteCache cache(3);
  put(cache, "/a", 1);
  put(cache, "/b", 2);
  put(cache, "/c", 3);
  CHECK(has(cache, "/a"));
  put(cache, "/d", 4);  // /b is the oldest now.
  CHECK_FALSE(has(cache, "/b"));
  CHECK(has(cache, "/a"));
  CHECK(has(cache, "/c"));
  CHECK(has(cache, "/d"));
  put(cache, "/a", 5);  // Known: counts as use, replaces the value.
  put(cache, "/e", 6);
  CHECK_FALSE(has(cache, "/c"));
  RouteMatch match;
  RouteParams params;
  CHECK(cache.find(Method::get, "/a", match, params));
  CHECK(match.routeId == 5);
  CHECK(cache.stats().evictions == 2);
  CHECK(cache.stats().insertions == 5);
  CHECK(cache.stats().size == 3);
}

TEST_CASE("capacity one, and none") {
  RouteCache one(1);
  put(one, "/a", 1);
  put(one, "/b", 2);
  CHECK_FALSE(has(one, "/a"));
  CHECK(has(one, "/b"));

  RouteCache none(0);
  put(none, "/a", 1);
  CHECK_FALSE(has(none, "/a"));
  none.invalidate();
  CHECK(none.stats().misses == 0);
  CHECK(none.stats().insertions == 0);
  CHECK(none.stats().capacity == 0);
  CHECK(none.stats().hitRatio() == 1.0);
}

TEST_CASE("both sides of the path limit") {
  RouteCache cache(4);
  const std::string longest = "/" + std::string(RouteCache::kMaxPathBytes - 1, 'a');
  put(cache, longest, 1);
  put(cache, longest + "a", 2);
  CHECK(has(cache, longest));
  CHECK_FALSE(has(cache, longest + "a"));
  CHECK(cache.stats().size == 1);
}

TEST_CASE("what was not found is not kept") {
  RouteCache cache(4);
  RouteMatch match;
  for (const auto outcome : {RouteMatch::Outcome::notFound, RouteMatch::Outcome::methodNotAllowed}) {
    match.outcome = outcome;
    cache.insert(Method::get, "/a", match, RouteParams());
  }
  CHECK(cache.stats().size == 0);
  CHECK_FALSE(has(cache, "/a"));
}

TEST_CASE("warm-up keeps what the router finds") {
  Router router;
  router.add(Method::get, "/a", 1);
  router.add(Method::post, "/b", 2);
  router.freeze();
  RouteCache cache(8);
  const std::array<std::string_view, 3> paths = {"/a", "/b", "/none"};
  CHECK(cache.warm(router, paths) == 1);
  CHECK(cache.warm(router, paths, Method::post) == 1);
  CHECK(has(cache, "/a"));
  CHECK(has(cache, "/b", Method::post));
  CHECK(cache.stats().misses == 0);
  RouteCache none(0);
  CHECK(none.warm(router, paths) == 0);
}

TEST_CASE("invalidate forgets entries, not counters, and the cache works on") {
  RouteCache cache(2);
  for (int round = 0; round < 3; ++round) {
    put(cache, "/a", 1);
    put(cache, "/b", 2);
    put(cache, "/c", 3);
    CHECK(has(cache, "/c"));
    cache.invalidate();
    CHECK_FALSE(has(cache, "/c"));
    CHECK(cache.stats().size == 0);
  }
  CHECK(cache.stats().insertions == 9);
  CHECK(cache.stats().evictions == 3);
}

TEST_CASE("all memory is there from the start") {
  RouteCache cache(64);
  std::vector<std::string> paths;
  for (int i = 0; i < 200; ++i) paths.push_back("/users/" + std::to_string(i));
  h3::test::AllocationCounter use;
  for (const std::string& path : paths) {
    if (!has(cache, path)) put(cache, path, 1);
  }
  cache.invalidate();
  CHECK(use.count() == 0);
}

TEST_CASE("random use: the same hits as a list that is searched") {
  const auto seed = std::random_device{}();
  MESSAGE("seed " << seed);
  std::mt19937 random(seed);
  constexpr std::size_t kCapacity = 16;
  RouteCache cache(kCapacity, SeededHash(seed));
  std::list<std::string> reference;  // Newest first.
  for (int i = 0; i < 20'000; ++i) {
    const std::string path = "/p" + std::to_string(random() % 24);
    const auto known = std::find(reference.begin(), reference.end(), path);
    const bool expected = known != reference.end();
    if (expected) reference.erase(known);
    reference.push_front(path);
    if (reference.size() > kCapacity) reference.pop_back();
    CAPTURE(seed);
    CAPTURE(i);
    REQUIRE(has(cache, path) == expected);
    if (!expected) put(cache, path, 1);
  }
  CHECK(cache.stats().size == kCapacity);
}
