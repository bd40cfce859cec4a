// Strings: the pool, JSON, queries, cookies.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "allocation_window.hpp"
#include "h3http/arena.hpp"
#include "h3http/cookies.hpp"
#include "h3http/json_writer.hpp"
#include "h3http/query_params.hpp"
#include "h3http/string_pool.hpp"
#include "worker_bench.hpp"

namespace {

using bench::AllocationWindow;

void intern(benchmark::State& state) {
  h3::StringPool pool;
  std::vector<std::string> names;
  for (int i = 0; i < 256; ++i) names.push_back("header-name-" + std::to_string(i));
  for (const std::string& name : names) pool.intern(name);
  std::size_t next = 0;
  const AllocationWindow window(state);
  for (auto _ : state) benchmark::DoNotOptimize(pool.intern(names[next++ & 255]));
}
BENCHMARK(intern)->Name("string_pool/hit");

void internFull(benchmark::State& state) {
  h3::StringPool pool({.maxEntries = 16, .maxBytes = 4096});
  for (int i = 0; i < 16; ++i) pool.intern("header-name-" + std::to_string(i));
  const AllocationWindow window(state);
  for (auto _ : state) benchmark::DoNotOptimize(pool.intern("a-name-that-finds-the-pool-full"));
}
BENCHMARK(internFull)->Name("string_pool/full");

void jsonFields(benchmark::State& state) {
  bench::WorkerBench worker;
  const AllocationWindow window(state);
  for (auto _ : state) {
    const h3::PooledEvent event(worker.events());
    event->sendJson({{"id", 42}, {"name", "Hello, World!"}, {"ratio", 0.5}, {"active", true}});
  }
}
BENCHMARK(jsonFields)->Name("json/4_fields");

void jsonWriter(benchmark::State& state) {
  h3::Arena arena;
  const AllocationWindow window(state);
  for (auto _ : state) {
    {
      h3::JsonWriter json(arena);
      json.beginObject()
          .member("id", 42)
          .key("tags")
          .beginArray()
          .value("a")
          .value("b")
          .endArray()
          .endObject();
      benchmark::DoNotOptimize(json.text().data());
    }
    arena.reset();
  }
}
BENCHMARK(jsonWriter)->Name("json/nested");

void query(benchmark::State& state) {
  h3::Arena arena;
  const AllocationWindow window(state);
  for (auto _ : state) {
    const h3::QueryParams params("page=3&size=50&sort=name&filter=a%20b&order=descending");
    benchmark::DoNotOptimize(params.find("order", arena));
    arena.reset();
  }
}
BENCHMARK(query)->Name("query/last_of_5");

void queryDecoded(benchmark::State& state) {
  h3::Arena arena;
  const AllocationWindow window(state);
  for (auto _ : state) {
    const h3::QueryParams params("page=3&size=50&sort=name&filter=a%20b&order=descending");
    benchmark::DoNotOptimize(params.find("filter", arena));
    arena.reset();
  }
}
BENCHMARK(queryDecoded)->Name("query/decoded");

void cookie(benchmark::State& state) {
  const AllocationWindow window(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(h3::findCookie(
        "theme=dark; lang=en; seen=1; cart=3; session=0123456789abcdef0123456789abcdef", "session"));
  }
}
BENCHMARK(cookie)->Name("cookie/last_of_5");

}  // namespace
