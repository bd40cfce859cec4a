// The route cache against the trie that it would spare, over 50, 1,000 and 100,000 routes.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "allocation_window.hpp"
#include "routing/route_cache.hpp"
#include "routing/router.hpp"

namespace {

using bench::AllocationWindow;

constexpr std::size_t kLookups = 16'384;  ///< at least
constexpr std::uint32_t kSeed = 4;

enum class Order : std::uint8_t { sequential, random, hotspot };

std::string pathOf(std::size_t route) { return "/api/v1/resource/" + std::to_string(route); }

/// Made once: Google Benchmark calls a benchmark several times to find how often to repeat it.
const h3::Router& routerOf(std::size_t routes, const std::string& suffix) {
  static std::map<std::pair<std::size_t, std::string>, h3::Router> routers;
  h3::Router& router = routers[{routes, suffix}];
  if (router.isFrozen()) return router;
  for (std::size_t i = 0; i < routes; ++i)
    router.add(h3::Method::get, pathOf(i) + suffix, static_cast<std::uint32_t>(i));
  router.freeze();
  return router;
}

/// The requested paths, again and again. hotspot: 80 % of the requests go to 20 % of the routes.
class Lookups {
 public:
  Lookups(std::size_t routes, Order order, const std::string& suffix = "") {
    std::mt19937 random(kSeed);
    const std::size_t count = (kLookups / routes + 1) * routes;  // whole turns, so that sequential stays it
    for (std::size_t i = 0; i < count; ++i) {
      std::size_t route = i % routes;
      if (order == Order::random) route = random() % routes;
      if (order == Order::hotspot) route = random() % (random() % 5 != 0 ? routes / 5 : routes);
      paths_.push_back(pathOf(route) + suffix);
    }
  }

  const std::string& next() {
    if (++next_ == paths_.size()) next_ = 0;
    return paths_[next_];
  }
  const std::vector<std::string>& all() const { return paths_; }

 private:
  std::vector<std::string> paths_;
  std::size_t next_ = static_cast<std::size_t>(-1);
};

void fail() { std::abort(); }

void trieFind(benchmark::State& state, Order order, const std::string& pattern, const std::string& suffix) {
  const auto routes = static_cast<std::size_t>(state.range(0));
  const h3::Router& router = routerOf(routes, pattern);
  Lookups paths(routes, order, suffix);
  h3::RouteParams params;
  const AllocationWindow window(state);
  for (auto _ : state) {
    const h3::RouteMatch match = router.find(h3::Method::get, paths.next(), params);
    if (match.outcome != h3::RouteMatch::Outcome::found) fail();
  }
}
BENCHMARK_CAPTURE(trieFind, static_sequential, Order::sequential, "", "")
    ->Name("trie/static/sequential")
    ->Arg(50)
    ->Arg(1000)
    ->Arg(100'000);
BENCHMARK_CAPTURE(trieFind, static_random, Order::random, "", "")
    ->Name("trie/static/random")
    ->Arg(50)
    ->Arg(1000)
    ->Arg(100'000);
BENCHMARK_CAPTURE(trieFind, static_hotspot, Order::hotspot, "", "")
    ->Name("trie/static/hotspot")
    ->Arg(50)
    ->Arg(1000)
    ->Arg(100'000);
BENCHMARK_CAPTURE(trieFind, param, Order::random, "/:id", "/42")
    ->Name("trie/param/random")
    ->Arg(50)
    ->Arg(1000)
    ->Arg(100'000);
BENCHMARK_CAPTURE(trieFind, wildcard, Order::random, "/**:rest", "/a/b/c")
    ->Name("trie/wildcard/random")
    ->Arg(50)
    ->Arg(1000)
    ->Arg(100'000);

/// As the dispatcher does: looks in the cache, and on a miss in the trie.
class CachedRouter {
 public:
  CachedRouter(std::size_t routes, std::size_t entries) : router_(routerOf(routes, "")), cache_(entries) {}

  h3::RouteMatch find(const std::string& path) {
    h3::RouteMatch match;
    if (cache_.find(h3::Method::get, path, match, params_)) return match;
    match = router_.find(h3::Method::get, path, params_);
    cache_.insert(h3::Method::get, path, match, params_);
    return match;
  }
  h3::RouteCacheStats stats() const { return cache_.stats(); }

 private:
  const h3::Router& router_;
  h3::RouteCache cache_;
  h3::RouteParams params_;
};

void cacheHit(benchmark::State& state, Order order) {
  const auto routes = static_cast<std::size_t>(state.range(0));
  CachedRouter router(routes, routes);
  Lookups paths(routes, order);
  for (const std::string& path : paths.all()) router.find(path);
  const std::uint64_t missesBefore = router.stats().misses;
  {
    const AllocationWindow window(state);
    for (auto _ : state) benchmark::DoNotOptimize(router.find(paths.next()));
  }
  if (router.stats().misses != missesBefore) fail();
}
BENCHMARK_CAPTURE(cacheHit, sequential, Order::sequential)
    ->Name("route_cache/hit/sequential")
    ->Arg(50)
    ->Arg(1000)
    ->Arg(100'000);
BENCHMARK_CAPTURE(cacheHit, random, Order::random)
    ->Name("route_cache/hit/random")
    ->Arg(50)
    ->Arg(1000)
    ->Arg(100'000);
BENCHMARK_CAPTURE(cacheHit, hotspot, Order::hotspot)
    ->Name("route_cache/hit/hotspot")
    ->Arg(50)
    ->Arg(1000)
    ->Arg(100'000);

// A path that matches nothing is never cached: what the cache costs an unknown path.
void cacheMiss(benchmark::State& state) {
  const auto routes = static_cast<std::size_t>(state.range(0));
  const h3::Router& router = routerOf(routes, "");
  h3::RouteCache cache(routes);
  const Lookups known(routes, Order::sequential);
  for (const std::string& path : known.all()) {
    h3::RouteParams params;
    cache.insert(h3::Method::get, path, router.find(h3::Method::get, path, params), params);
  }
  Lookups paths(routes, Order::random, "/unknown");
  h3::RouteParams params;
  h3::RouteMatch match;
  const AllocationWindow window(state);
  for (auto _ : state)
    if (cache.find(h3::Method::get, paths.next(), match, params)) fail();
}
BENCHMARK(cacheMiss)->Name("route_cache/miss")->Arg(50)->Arg(1000)->Arg(100'000);

// Cycles through twice as many routes as there are entries: every lookup is a miss, a trie lookup and a
// replacement.
void cacheEvict(benchmark::State& state) {
  const auto routes = static_cast<std::size_t>(state.range(0));
  CachedRouter router(routes, routes / 2);
  Lookups paths(routes, Order::sequential);
  for (const std::string& path : paths.all()) router.find(path);
  const std::uint64_t hitsBefore = router.stats().hits;
  {
    const AllocationWindow window(state);
    for (auto _ : state) benchmark::DoNotOptimize(router.find(paths.next()));
  }
  if (router.stats().hits != hitsBefore) fail();
}
BENCHMARK(cacheEvict)->Name("route_cache/evict")->Arg(50)->Arg(1000)->Arg(100'000);

}  // namespace
