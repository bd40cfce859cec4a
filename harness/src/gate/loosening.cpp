#include "gate/loosening.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <set>

#include "analysis/finding_kind.hpp"
#include "analysis/metrics.hpp"
#include "gate/budget_text.hpp"
#include "gate/compare.hpp"
#include "gate/tolerance.hpp"
#include "gate/workload_loosening.hpp"
#include "report/finding_text.hpp"
#include "scenario/printable.hpp"

namespace leakgate {

namespace {

constexpr double kNoLimit = std::numeric_limits<double>::infinity();
constexpr std::string_view kTotal = "allocations_per_request";
constexpr std::string_view kSteady = "steady_allocations_per_request";

// The values of a metric that pass.
struct Limit {
  double low = -kNoLimit;
  double high = kNoLimit;
  const Metric* counted = nullptr;  ///< in the baseline, if that is what limits it
  std::string text;

  bool contains(const Limit& other) const { return low <= other.low && other.high <= high; }
};

const Budget* budgetOf(const Scenario& scenario, const std::string& metric) {
  const auto found = scenario.budgets.find(metric);
  return found == scenario.budgets.end() ? nullptr : &found->second;
}

// Its growth is a finding, which fails by itself unless a budget above 0 allows it.
bool isRefusedByItself(std::string_view metric) {
  const auto kinds = allKinds();
  return metric == "unexpected_answers" || std::any_of(kinds.begin(), kinds.end(), [&](const auto& kind) {
           const auto names = kind.metrics();
           return std::find(names.begin(), names.end(), metric) != names.end();
         });
}

Limit limitOfBudget(const Budget& budget, const std::string& name, const std::string& unit) {
  Limit limit;
  limit.low = budget.min.value_or(-kNoLimit);
  limit.high = budget.max.value_or(isRefusedByItself(name) ? 0 : kNoLimit);
  limit.text = budgetText(budget, unit);
  return limit;
}

Limit limitOfCount(const Metric& metric) {
  Limit limit;
  const Spread range = rangeOf(metric);
  if (metric.direction == Direction::lower)
    limit.high = isGrowth(metric) ? std::max(0.0, range.high) : range.high;
  if (metric.direction == Direction::higher) limit.low = range.low;
  limit.counted = &metric;
  limit.text = asValue(metric);
  return limit;
}

Limit limitOf(const GateTerms& terms, const std::string& name, const std::string& unit) {
  if (const Budget* budget = budgetOf(*terms.scenario, name)) return limitOfBudget(*budget, name, unit);
  const Metric* metric = terms.baseline == nullptr ? nullptr : findMetric(terms.baseline->metrics, name);
  if (metric != nullptr) return limitOfCount(*metric);
  Limit limit;
  if (isRefusedByItself(name)) limit.high = 0;
  limit.text = isRefusedByItself(name) ? "none" : "no limit";
  return limit;
}

bool isLooser(const Limit& before, const Limit& after) {
  if (before.counted != nullptr && after.counted != nullptr)
    return countChange(*before.counted, *after.counted) == Change::worse;
  return !before.contains(after);
}

// As in compare(): only if the sum of all allocations varies.
bool isCompared(const Metric& metric, const Baseline& before, const Baseline& after) {
  if (metric.kind == MetricKind::sampled || metric.direction == Direction::none) return false;
  if (metric.name != kSteady) return true;
  const Metric* was = findMetric(before.metrics, kTotal);
  const Metric* is = findMetric(after.metrics, kTotal);
  return was != nullptr && is != nullptr && isSpread(*was, *is);
}

std::string unitOf(const GateTerms& before, const GateTerms& after, const std::string& name) {
  for (const Baseline* baseline : {before.baseline, after.baseline}) {
    const Metric* metric = baseline == nullptr ? nullptr : findMetric(baseline->metrics, name);
    if (metric != nullptr) return metric->unit;
  }
  return name.ends_with("_bytes") || name.find("bytes_") != std::string::npos ? "B" : "1";
}

void addBudgets(const GateTerms& before, const GateTerms& after, std::vector<Loosening>& list) {
  std::set<std::string> names;
  for (const auto* terms : {&before, &after})
    for (const auto& [name, budget] : terms->scenario->budgets) names.insert(name);
  for (const auto& name : names) {
    const std::string unit = unitOf(before, after, name);
    const Limit from = limitOf(before, name, unit);
    const Limit to = limitOf(after, name, unit);
    if (isLooser(from, to)) list.push_back({name, from.text, to.text});
  }
}

// Counts that a budget limits on either side are addBudgets()'s.
void addCounts(const GateTerms& before, const GateTerms& after, std::vector<Loosening>& list) {
  if (before.baseline == nullptr) return;
  if (after.baseline == nullptr) {
    list.push_back({"baseline", fmt::format("{} counts", before.baseline->metrics.size()), "none"});
    return;
  }
  for (auto& loosening : loosenedCounts(*before.baseline, *after.baseline)) {
    const bool budgeted = budgetOf(*before.scenario, loosening.subject) != nullptr ||
                          budgetOf(*after.scenario, loosening.subject) != nullptr;
    if (!budgeted) list.push_back(std::move(loosening));
  }
}

// --- reasons

std::vector<AcceptEntry> entriesSince(const Baseline* before, const Baseline& after) {
  std::vector<AcceptEntry> entries;
  std::copy_if(after.log.begin(), after.log.end(), std::back_inserter(entries),
               [&](const AcceptEntry& entry) {
                 return before == nullptr ||
                        std::find(before->log.begin(), before->log.end(), entry) == before->log.end();
               });
  return entries;
}

bool names(const AcceptEntry& entry, const std::string& subject) {
  return std::any_of(entry.loosened.begin(), entry.loosened.end(),
                     [&](const Loosening& loosening) { return loosening.subject == subject; });
}

// The newest that names the subject; else the newest: a budget or a step is in no baseline.
std::string reasonFor(const std::string& subject, const std::vector<AcceptEntry>& entries) {
  if (entries.empty()) return "";
  const auto named = std::find_if(entries.rbegin(), entries.rend(),
                                  [&](const AcceptEntry& entry) { return names(entry, subject); });
  const AcceptEntry& entry = named == entries.rend() ? entries.back() : *named;
  return fmt::format("{} ({})", entry.reason, entry.date);
}

}  // namespace

std::vector<Loosening> loosenedCounts(const Baseline& before, const Baseline& after) {
  std::vector<Loosening> list;
  for (const auto& metric : before.metrics) {
    if (!isCompared(metric, before, after)) continue;
    const Metric* now = findMetric(after.metrics, metric.name);
    if (now == nullptr) {
      list.push_back({metric.name, asValue(metric), "not in the baseline"});
    } else if (countChange(metric, *now) == Change::worse) {
      list.push_back({metric.name, asValue(metric), asValue(*now)});
    }
  }
  return list;
}

std::vector<Loosening> loosenings(const GateTerms& before, const GateTerms& after) {
  std::vector<Loosening> list;
  addCounts(before, after, list);
  addBudgets(before, after, list);
  for (auto& loosening : loosenedWorkload(*before.scenario, *after.scenario))
    list.push_back(std::move(loosening));
  if (after.baseline == nullptr) return list;
  const auto entries = entriesSince(before.baseline, *after.baseline);
  for (auto& loosening : list) loosening.reason = reasonFor(loosening.subject, entries);
  return list;
}

std::vector<Loosening> loosenedSuppressions(const std::vector<Suppression>& before,
                                            const std::vector<Suppression>& after) {
  std::vector<Loosening> list;
  for (const auto& rule : after) {
    const bool known = std::any_of(before.begin(), before.end(),
                                   [&](const Suppression& other) { return other.pattern == rule.pattern; });
    if (!known)
      list.push_back(
          {"suppression leak:" + rule.pattern, "none", fmt::format("{}:{}", rule.file, rule.line)});
  }
  return list;
}

std::string looseningLine(const Loosening& loosening, const std::string& ref, const std::string& scenario) {
  std::string line =
      fmt::format("LOOSENED  {}: {}, was {} in {}", loosening.subject, loosening.to, loosening.from, ref);
  if (!loosening.reason.empty()) {
    line += "; reason: " + loosening.reason;
  } else if (!scenario.empty()) {
    line += "; no reason given: leakgate accept " + scenario + " --reason TEXT";
  }
  return printable(line);  // the files are those of an unreviewed change
}

}  // namespace leakgate
