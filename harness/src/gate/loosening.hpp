// What a change lets pass that was held before: baselines, budgets, steps. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/baseline.hpp"
#include "report/report.hpp"

namespace leakgate {

/// Start of the subject of a failure that is a loosening.
inline constexpr std::string_view kLoosened = "loosened: ";

/// What a scenario is held to: its budgets, and the baseline for counts without one.
struct GateTerms {
  const Scenario* scenario = nullptr;
  const Baseline* baseline = nullptr;  ///< nullptr: none was accepted
};

/// The counts that `after` holds looser than `before`, an exact one by however little, a spread beyond its
/// tolerance; and those that it lacks.
std::vector<Loosening> loosenedCounts(const Baseline& before, const Baseline& after);

/// Everything that `before` refuses and `after` lets pass: limits of metrics, a baseline that is gone, steps and
/// expectations that are gone, fewer requests, another program. Each with the newest reason that was given to
/// `accept` since, "" without one. Precondition: both have a scenario.
std::vector<Loosening> loosenings(const GateTerms& before, const GateTerms& after);

/// The rules that `after` has and `before` has not.
std::vector<Loosening> loosenedSuppressions(const std::vector<Suppression>& before,
                                            const std::vector<Suppression>& after);

/// "LOOSENED  allocations_per_request: 3 blocks, was 0 blocks in origin/main; reason: a cache (2026-11-30)". One
/// line. `ref`: the older revision; `scenario`: its name, for what to do without a reason, "" if there is none.
std::string looseningLine(const Loosening& loosening, const std::string& ref, const std::string& scenario);

}  // namespace leakgate
