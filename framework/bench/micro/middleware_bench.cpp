// A request through a frozen app: hooks, routing, 0, 5 or 20 layers, handler.
#include <benchmark/benchmark.h>

#include <string>

#include "allocation_window.hpp"
#include "h3http/app.hpp"
#include "worker_bench.hpp"

namespace {

void handle(benchmark::State& state, h3::App& app) {
  app.get("/users/:id", [](h3::Event& event) { event.sendView("ok", "text/plain"); });
  const h3::Dispatcher& dispatcher = h3::Dispatcher::of(app);
  bench::WorkerBench worker;
  bench::RequestBench request{std::string(bench::kOneHeaderRequest)};
  const bench::AllocationWindow window(state);
  for (auto _ : state) {
    const h3::PooledEvent event(worker.events());
    request.parseInto(*event);
    dispatcher.handle(*event);
  }
}

void onion(benchmark::State& state) {
  h3::App app;
  for (int i = 0; i < state.range(0); ++i) app.use([](h3::Event&, h3::Next& next) { next(); });
  handle(state, app);
}
BENCHMARK(onion)->Name("middleware/onion")->Arg(0)->Arg(5)->Arg(20);

void fast(benchmark::State& state) {
  h3::App app;
  for (int i = 0; i < state.range(0); ++i) app.useFast([](h3::Event&) { return h3::FastResult::next; });
  handle(state, app);
}
BENCHMARK(fast)->Name("middleware/fast")->Arg(5)->Arg(20);

}  // namespace
