#include "session/accept_runs.hpp"

#include <fmt/core.h>

#include <chrono>
#include <optional>

#include "analysis/repeated_metrics.hpp"
#include "report/environment.hpp"
#include "session/busy_cores.hpp"

namespace leakgate {

namespace {

constexpr std::chrono::seconds kEnough{60};
constexpr unsigned kFewest = 2;

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
