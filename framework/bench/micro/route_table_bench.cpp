// Routes from a constexpr table: how the app finds them, and what a static index of the table would change.
#include <benchmark/benchmark.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "allocation_window.hpp"
#include "app/dispatcher.hpp"
#include "h3http/detail/seeded_hash.hpp"
#include "h3http/route_table.hpp"
#include "http/short_text.hpp"
#include "routing/route_cache.hpp"

namespace {

using bench::AllocationWindow;
using h3::Method;
using h3::RouteMatch;

constexpr std::size_t kRoutes = 50;  ///< static ones, and as many with a parameter
constexpr std::size_t kLookups = 16'384;

void respond(h3::Event&) {}
void fail() { std::abort(); }

/// "/api/v1/resource/NN", "/api/v1/resource/NN/:id"
struct PatternText {
  std::array<char, 24> bytes{};
  std::size_t size = 0;

  constexpr PatternText(std::size_t number, std::string_view suffix) {
    append("/api/v1/resource/");
    const char digits[] = {static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
    append({digits, 2});
    append(suffix);
  }
  constexpr std::string_view view() const { return {bytes.data(), size}; }

 private:
  constexpr void append(std::string_view text) {
    for (const char c : text) bytes[size++] = c;
  }
};

template <std::size_t Number>
constexpr PatternText kStatic{Number, ""};
template <std::size_t Number>
constexpr PatternText kParam{Number, "/:id"};

template <std::size_t... I>
consteval auto tableOf(std::index_sequence<I...>) {
  return h3::RouteTable{h3::route(Method::get, kStatic<I>.view(), respond)...,
                        h3::route(Method::get, kParam<I>.view(), respond)...};
}
constexpr auto kTable = tableOf(std::make_index_sequence<kRoutes>());

/// A prototype: the static paths of a table by a perfect hash, looked up before the cache.
///
/// The search for the hash runs at start here. Made by the compiler, its lookup would be the same but for the
/// keys of the hash as constants.
class StaticIndex {
 public:
  StaticIndex() {
    for (std::uint64_t seed = 0; !fill(seed); ++seed) {
    }
  }

  bool find(Method method, std::string_view path, RouteMatch& match) const noexcept {
    const std::uint64_t hash = hash_(path, static_cast<std::uint64_t>(method));
    const Slot& slot = slots_[hash & (kSlots - 1)];
    if (slot.path.size() != path.size() || slot.method != method ||
        !h3::equalTexts(slot.path.data(), path.data(), path.size()))
      return false;
    match = {RouteMatch::Outcome::found, {}, slot.routeId};
    return true;
  }

 private:
  static constexpr std::size_t kSlots = 512;
  struct Slot {
    std::string_view path;
    std::uint32_t routeId = 0;
    Method method = Method::other;
  };

  bool fill(std::uint64_t seed) {
    hash_ = h3::SeededHash(seed);
    slots_ = {};
    std::uint32_t id = 0;
    bool free = true;
    kTable.forEach([&](Method method, std::string_view pattern, auto) {
      if (id >= kRoutes) return;  // Those with a parameter follow.
      Slot& slot = slots_[hash_(pattern, static_cast<std::uint64_t>(method)) & (kSlots - 1)];
      free = free && slot.path.empty();
      slot = {pattern, id++, method};
    });
    return free;
  }

  h3::SeededHash hash_{0};
  std::array<Slot, kSlots> slots_;
};

/// What a request passes on the way to its route.
class Lookup {
 public:
  enum class Way : std::uint8_t { trie, cacheThenTrie, indexThenCacheThenTrie };

  Lookup() : cache_(4096) {
    app_.routes(kTable).freeze();
    router_ = &h3::Dispatcher::of(app_).router();
  }

  template <Way way>
  RouteMatch find(std::string_view path) {
    RouteMatch match;
    if constexpr (way == Way::indexThenCacheThenTrie) {
      if (index_.find(Method::get, path, match)) {
        params_.clear();
        return match;
      }
    }
    if constexpr (way != Way::trie) {
      if (cache_.find(Method::get, path, match, params_)) return match;
    }
    match = router_->find(Method::get, path, params_);
    if constexpr (way != Way::trie) cache_.insert(Method::get, path, match, params_);
    return match;
  }

 private:
  h3::App app_;
  const h3::Router* router_;
  h3::RouteCache cache_;
  h3::RouteParams params_;
  StaticIndex index_;
};

std::vector<std::string> randomPaths(std::string_view suffix) {
  std::mt19937 random(4);
  std::vector<std::string> paths;
  for (std::size_t i = 0; i < kLookups; ++i)
    paths.emplace_back(PatternText(random() % kRoutes, "").view()).append(suffix);
  return paths;
}

template <Lookup::Way way>
void tableFind(benchmark::State& state, std::string_view suffix) {
  Lookup lookup;
  const std::vector<std::string> paths = randomPaths(suffix);
  for (const std::string& path : paths) lookup.find<way>(path);
  std::size_t next = 0;
  const AllocationWindow window(state);
  for (auto _ : state) {
    const RouteMatch match = lookup.find<way>(paths[next]);
    if (match.outcome != RouteMatch::Outcome::found) fail();
    next = (next + 1) % kLookups;
  }
}
void trieFind(benchmark::State& state, std::string_view suffix) {
  tableFind<Lookup::Way::trie>(state, suffix);
}
void cacheFind(benchmark::State& state, std::string_view suffix) {
  tableFind<Lookup::Way::cacheThenTrie>(state, suffix);
}
void indexFind(benchmark::State& state, std::string_view suffix) {
  tableFind<Lookup::Way::indexThenCacheThenTrie>(state, suffix);
}
BENCHMARK_CAPTURE(trieFind, fixed, "")->Name("route_table/static/trie");
BENCHMARK_CAPTURE(cacheFind, fixed, "")->Name("route_table/static/cache");
BENCHMARK_CAPTURE(indexFind, fixed, "")->Name("route_table/static/index");
BENCHMARK_CAPTURE(trieFind, param, "/42")->Name("route_table/param/trie");
BENCHMARK_CAPTURE(cacheFind, param, "/42")->Name("route_table/param/cache");
BENCHMARK_CAPTURE(indexFind, param, "/42")->Name("route_table/param/index");

// From nothing to a frozen app. The patterns are parsed again here, as a prefix may have come before them.
void registerTable(benchmark::State& state) {
  const AllocationWindow window(state);
  for (auto _ : state) {
    h3::App app;
    app.routes(kTable).freeze();
    benchmark::DoNotOptimize(app);
  }
}
BENCHMARK(registerTable)->Name("route_table/register/100");

void parsePatterns(benchmark::State& state) {
  const AllocationWindow window(state);
  for (auto _ : state)
    kTable.forEach(
        [](Method, std::string_view pattern, auto) { benchmark::DoNotOptimize(h3::RoutePattern(pattern)); });
}
BENCHMARK(parsePatterns)->Name("route_table/parse/100");

}  // namespace
