// fill_history HISTORY RUNS: makes a history with runs as the gate's are, to see what `leakgate history
// list` and `trend` take of it, and how large it is: eight scenarios in turn, 60 values each, one commit a
// minute; the last scenario alone has a change in the middle of its runs.
#include <fmt/core.h>

#include <cstdlib>
#include <random>

#include "history/history_store.hpp"
#include "report/hash.hpp"

using namespace leakgate;

namespace {

constexpr std::size_t kScenarios = 8;
constexpr std::size_t kRunsATransaction = 100;

HistoryRun runOf(std::size_t number, std::size_t runs, std::mt19937_64& random) {
  const std::size_t commit = number / kScenarios;
  const bool changed = number % kScenarios == kScenarios - 1 && number > runs / 2;
  const auto noise = [&] { return 0.95 + 0.1 * static_cast<double>(random() % 100'000) / 100'000; };
  HistoryRun run;
  run.scenario = fmt::format("scenario_{}", number % kScenarios);
  run.identity = hashOf({run.scenario, std::to_string(commit)});
  run.commit = {
      fmt::format("{:040x}", commit * 7919 + 1), {}, 1'700'000'000 + 60 * static_cast<std::int64_t>(commit)};
  if (commit != 0) run.commit.parents = {fmt::format("{:040x}", (commit - 1) * 7919 + 1)};
  run.workload = hashOf({run.scenario});
  run.machine = {"00000000000000aa", "00000000000000bb", "GNU C++20 12.2.0", "a processor, 2 cores"};
  run.startedAt = run.commit.time + 10;
  for (std::size_t i = 0; i < 30; ++i)
    run.values.push_back({fmt::format("exact_count_{}_per_request", i), "", changed && i == 0 ? 4.0 : 3.0,
                          "blocks", MetricKind::exact, Direction::lower});
  for (std::size_t i = 0; i < 10; ++i)
    for (const char* quantile : {"p50", "p99"})
      run.values.push_back({fmt::format("step.step_{}.{}_ns", i, quantile), "",
                            (changed && i == 6 ? 1.2e5 : 1e5) * noise(), "ns", MetricKind::sampled,
                            Direction::lower});
  for (std::size_t i = 0; i < 10; ++i)
    run.values.push_back(
        {fmt::format("latency.q{}_ns", i), "", 1e5 * noise(), "ns", MetricKind::sampled, Direction::lower});
  return run;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return fmt::print(stderr, "Usage: fill_history HISTORY RUNS\n"), 2;
  const auto count = static_cast<std::size_t>(std::strtoull(argv[2], nullptr, 10));
  HistoryStore store(openDatabase(argv[1], Missing::create, {}));
  std::mt19937_64 random(1);
  std::vector<HistoryRun> runs;
  for (std::size_t i = 0; i < count; ++i) {
    runs.push_back(runOf(i, count, random));
    if (runs.size() < kRunsATransaction && i + 1 != count) continue;
    store.add(runs);
    runs.clear();
  }
}
