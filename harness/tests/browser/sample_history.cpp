// Makes a history and some reports, for the browser test: sample_history FOLDER writes FOLDER/history.db and
// FOLDER/reports/.
#include <filesystem>
#include <iostream>
#include <random>

#include "history/history_store.hpp"
#include "history/sample_runs.hpp"
#include "html/page_samples.hpp"
#include "report/atomic_file.hpp"
#include "report/report_json.hpp"

using namespace leakgate;

namespace {

constexpr std::size_t kRuns = 40;
constexpr std::int64_t kDay = 86'400;

HistoryValue count(std::string name, double value, std::string unit = "blocks", std::string label = "") {
  return {std::move(name), std::move(label), value, std::move(unit), MetricKind::exact, Direction::lower};
}

HistoryValue sampled(std::string name, double value) {
  return {std::move(name), "", value, "ns", MetricKind::sampled, Direction::lower};
}

// An allocation more since run 28, a leak from run 22 to 33, slower since run 20, another compiler since run 12.
HistoryRun runOf(std::size_t i, const std::string& scenario, std::mt19937& random) {
  HistoryRun run = sampleRun(i, scenario);
  run.commit.hash = fmt::format("{:08x}{:032x}", static_cast<std::uint32_t>((i + 1) * 2'654'435'761U), i);
  run.commit.parents.clear();
  run.commit.time = 1'780'000'000 + static_cast<std::int64_t>(i) * kDay;
  run.startedAt = run.commit.time + 600;
  const auto noise = [&](double share) {
    return 1 + share * (static_cast<double>(random() % 2001) / 1000 - 1);
  };
  if (i >= 12)
    run.machine = {"00000000000000ab", "00000000000000bc", "GNU C++20 13.2.0",
                   "AMD EPYC 7763, 4 cores, Linux 6.1"};
  run.values = {count("allocations_per_request", i < 28 ? 3 : 4),
                count("allocated_bytes_per_request", i < 28 ? 212 : 276, "B"),
                count("live_bytes_growth", 0, "B"),
                count("place.0011223344556677.allocations_per_request", i < 28 ? 1 : 2, "blocks",
                      "h3::Event::setContext src/event.cpp:88"),
                sampled("latency.p50_ns", (i < 20 ? 41'000 : 46'000) * noise(0.02)),
                sampled("latency.p99_ns", 118'000 * noise(0.15)),
                sampled("cpu_ns_per_request", 9'758 * noise(0.03)),
                sampled("step.login.p50_ns", (i < 36 ? 39'000 : 42'000) * noise(0.01))};
  if (i >= 22 && i < 34)
    run.values.push_back(
        count("finding.8899aabbccddeeff.bytes_per_event", 17, "B", "login app/src/login.cpp:31"));
  return run;
}

HistoryRun hostileRun(std::size_t i) {
  HistoryRun run = sampleRun(i, kHostile);
  run.machine = {fmt::format("{}", i), kHostile, kHostile, kHostile};
  for (HistoryValue& value : run.values) {
    value.name = value.name + kHostile;
    value.label = kHostile;
    value.value += static_cast<double>(i);
  }
  return run;
}

void addReport(HistoryStore& store, const std::filesystem::path& folder, Report report,
               const std::string& commit, const std::string& startedAt) {
  report.environment.commit = commit;
  report.startedAt = startedAt;
  store.add(historyRunOf(report, {}, ""));
  writeAtomically(folder / "reports" / (commit + ".json"), toText(toJson(report)));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: sample_history FOLDER\n";
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  std::filesystem::create_directories(folder);
  HistoryStore store(openDatabase((folder / "history.db").string(), Missing::create, {}));
  std::mt19937 random(7);  // NOLINT: the same history in each run
  for (std::size_t i = 0; i < kRuns; ++i)
    for (const char* scenario : {"json_echo", "login", "uploads"}) {
      HistoryRun run = runOf(i, scenario, random);
      if (scenario != std::string_view("login")) run.values.resize(3), run.values[0].value = 3;
      store.add(run);
    }
  for (std::size_t i = 0; i < 3; ++i) store.add(hostileRun(i));
  addReport(store, folder, cleanReport(), "aaaaaaaaaaaa", "2026-11-29T05:01:00Z");
  addReport(store, folder, failingReport(), "bbbbbbbbbbbb", "2026-11-30T05:01:00Z");
  return 0;
}
