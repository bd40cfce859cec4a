#include "session/accept_runs.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <optional>
#include <thread>
#include <vector>

#include "analysis/repeated_metrics.hpp"
#include "report/environment.hpp"

namespace leakgate {

namespace {

constexpr std::chrono::seconds kEnough{60};
constexpr unsigned kFewest = 2;

// Keeps every core busy while it lives, with a thread each that computes and allocates nothing. What a
// target counts under it and without it is what it counts wherever it runs.
class BusyCores {
 public:
  BusyCores() {
    const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
    for (unsigned core = 0; core < cores; ++core) {
      threads_.emplace_back([](const std::stop_token& stop) {
        while (!stop.stop_requested()) std::atomic_signal_fence(std::memory_order_seq_cst);
      });
    }
  }

 private:
  std::vector<std::jthread> threads_;
};

// The modules begin with the target's executable.
std::string builtAnew(const Report& report, const RunRecord& record) {
  const Environment now = describeTarget({}, record);
  if (report.environment.modules.empty() || now.modules.empty()) return "";
  const ModuleId& was = report.environment.modules.front();
  const ModuleId& is = now.modules.front();
  if (was == is) return "";
  return fmt::format("the target was built anew since this report: {} with build id {}, now {} with {}",
                     was.name, was.buildId, is.name, is.buildId);
}

RunRecord replayOnce(const Scenario& scenario, const ReplayOptions& options, bool busy, Progress& progress) {
  std::optional<BusyCores> load;
  if (busy) load.emplace();
  return replay(scenario, options, progress);
}

}  // namespace

std::string measureAgain(Report& report, unsigned repeats, const Measurer& measurer, std::stop_token stop,
                         Progress& progress) {
  const auto start = std::chrono::steady_clock::now();
  const ReplayOptions options = measurer.replayOptions(report.depth, std::move(stop));
  std::vector<std::vector<Metric>> repeated;
  while (repeated.size() < repeats) {
    const bool late = std::chrono::steady_clock::now() - start > kEnough;
    if (late && repeated.size() >= kFewest) break;
    const RunRecord record = replayOnce(report.scenario, options, repeated.size() % 2 == 1, progress);
    if (repeated.empty()) {
      if (std::string anew = builtAnew(report, record); !anew.empty()) return anew;
    }
    repeated.push_back(analyse(record).metrics);
  }
  addRepeats(report.metrics, repeated);
  report.repeats = static_cast<unsigned>(repeated.size());
  return "";
}

}  // namespace leakgate
