#include "session/minimize_run.hpp"

#include <fmt/core.h>

#include <optional>
#include <string>

#include "replay/experiment_session.hpp"
#include "report/finding_text.hpp"
#include "trigger/plan.hpp"

namespace leakgate {

namespace {

constexpr std::uint64_t kMaxRequestsOfRun = 40'000;

// The same defect in a new run of the report's scenario, with this build's addresses. Without stacks a site
// is not split.
NamedFinding confirmed(const NamedFinding& wanted, const Report& fresh) {
  const std::string& site = wanted.site.empty() ? wanted.fingerprint : wanted.site;
  for (const auto& finding : fresh.findings) {
    const std::string& own = finding.site.empty() ? finding.fingerprint : finding.site;
    if (own == site && growsByRequest(finding)) return finding;
  }
  throw MeasureError("the leak did not come back when the report's scenario was replayed: " +
                     findingLine(wanted) + "; is it fixed in this build?");
}

// Measures against one running target; a candidate that makes it fail is no reproduction.
std::optional<MeasuredSlope> trySlope(ExperimentSession& session, const Scenario& candidate,
                                      const ExperimentSize& size, const Gauge& gauge,
                                      std::string_view phase) {
  constexpr std::chrono::milliseconds kRunTime{10'000};
  try {
    return slopeOf(session.run(candidate, size, std::string(phase), kRunTime), gauge);
  } catch (const Interrupted&) {
    throw;
  } catch (const MeasureError&) {
    return std::nullopt;
  }
}

}  // namespace

bool growsByRequest(const NamedFinding& finding) {
  return finding.growth.kind != FindingKind::slowdown && finding.growth.pattern != Pattern::stepped &&
         finding.growth.pattern != Pattern::slow;
}

MinimizedLeak minimizeLeak(Measurer& measurer, const Scenario& whole, Depth depth, const NamedFinding& wanted,
                           const MinimizeLimits& limits, std::stop_token stop, Progress& progress) {
  MeasureOptions measured;
  measured.depth = depth;
  measured.stop = stop;
  const Report fresh = measurer.measure(whole, measured, progress);
  NamedFinding finding = confirmed(wanted, fresh);
  auto gauge = gaugeOf(finding.countedGrowth(), finding.callers, fresh.series.back().requests);
  if (!gauge) throw MeasureError("the leak came back as growth by jumps, which no single request adds to");

  ReplayOptions options = measurer.replayOptions(depth, std::move(stop));
  options.responseTimeout = std::chrono::milliseconds(2'000);
  ExperimentSession session(options, progress);
  ExperimentSize size;
  size.blocks = blocksFor({*gauge}, kMaxRequestsOfRun);
  const SlopeOracle oracle = [&](const Scenario& candidate) {
    return trySlope(session, candidate, size, *gauge, fmt::format("{} steps", candidate.steps.size()));
  };
  auto minimal = minimize(whole, gauge->byBytes, oracle, [&](unsigned runs) {
    return runs < limits.maxRuns && std::chrono::steady_clock::now() < limits.deadline;
  });
  if (!minimal) throw MeasureError("the leak did not come back in a short replay of the whole scenario");
  return {std::move(finding), std::move(*gauge), std::move(*minimal)};
}

}  // namespace leakgate
