#include "gate/report_diff.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "analysis/metrics.hpp"
#include "gate/finding_pairs.hpp"
#include "gate/stack_pairs.hpp"
#include "report/finding_text.hpp"
#include "symbols/function_name.hpp"

namespace leakgate {

namespace {

constexpr std::string_view kAllocations = "allocations_per_request";
// A rate is a quotient of counts: below this the difference is one of rounding, or of a few requests.
constexpr double kLeastRateChange = 0.01;
constexpr double kLeastBlocks = 0.0005;
constexpr double kLeastStepPercent = 10;

using Fate = FindingChange::Fate;

double rateOf(const Finding& growth) {
  const bool byTime = growth.follows == Follows::time;
  const double bytes = byTime ? growth.bytesPerSecond : growth.bytesPerEvent;
  return bytes != 0 ? bytes : byTime ? growth.blocksPerSecond : growth.blocksPerEvent;
}

Fate fateOf(const Finding& before, const Finding& after) {
  if ((before.follows == Follows::time) != (after.follows == Follows::time)) return Fate::same;
  const double was = rateOf(before);
  const double is = rateOf(after);
  if (std::abs(is - was) <= kLeastRateChange * std::abs(was)) return Fate::same;
  return is > was ? Fate::grew : Fate::shrank;
}

std::vector<const NamedFinding*> leaksOf(const Report& report) {
  std::vector<const NamedFinding*> leaks;
  for (const auto& finding : report.findings)
    if (finding.growth.kind != FindingKind::slowdown) leaks.push_back(&finding);
  return leaks;
}

void sortByFate(std::vector<FindingChange>& changes) {
  std::stable_sort(changes.begin(), changes.end(), [](const FindingChange& a, const FindingChange& b) {
    return static_cast<int>(a.fate) < static_cast<int>(b.fate);
  });
}

std::vector<FindingChange> findingChanges(const Report& before, const Report& after) {
  const auto old = leaksOf(before);
  const auto now = leaksOf(after);
  const auto pairs = pairFindings(old, now);
  std::vector<bool> stays(old.size());
  std::vector<FindingChange> changes;
  for (std::size_t j = 0; j < now.size(); ++j) {
    if (!pairs[j]) {
      changes.push_back({Fate::added, nullptr, now[j], "", 1});
      continue;
    }
    const NamedFinding* was = old[pairs[j]->before];
    stays[pairs[j]->before] = true;
    changes.push_back(
        {fateOf(was->growth, now[j]->growth), was, now[j], findingLine(*was), pairs[j]->similarity});
  }
  for (std::size_t i = 0; i < old.size(); ++i)
    if (!stays[i]) changes.push_back({Fate::gone, old[i], nullptr, findingLine(*old[i]), 1});
  sortByFate(changes);
  return changes;
}

// A leak that was renamed is neither new nor gone.
void keepUnpaired(const std::vector<FindingChange>& changes, Comparison& comparison) {
  comparison.newFindings.clear();
  comparison.goneFindings.clear();
  for (const FindingChange& change : changes) {
    if (change.fate == Fate::added) comparison.newFindings.push_back(*change.after);
    if (change.fate == Fate::gone)
      comparison.goneFindings.push_back({change.before->fingerprint, change.text, change.before->site});
  }
}

// --- places

std::vector<PlaceCost> costsOf(const Report& report) {
  std::map<std::pair<std::string, std::string>, PlaceCost> byFunction;
  const double requests = std::max(1.0, static_cast<double>(report.look.requests));
  for (const SiteSummary& site : report.sites) {
    const Place& place = site.place;
    PlaceCost& cost = byFunction[{place.function.empty() ? place.module : place.function, place.scope}];
    const double blocks = static_cast<double>(site.allocations) / requests;
    if (blocks >= cost.blocks) cost.place = place;
    cost.blocks += blocks;
    cost.bytes += static_cast<double>(site.allocatedBytes) / requests;
  }
  std::vector<PlaceCost> costs;
  costs.reserve(byFunction.size());
  for (auto& [key, cost] : byFunction) costs.push_back(std::move(cost));
  return costs;
}

std::vector<Frame> framesOf(const std::vector<PlaceCost>& costs) {
  std::vector<Frame> frames;
  for (const PlaceCost& cost : costs) {
    Frame& frame = frames.emplace_back();
    frame.function = cost.place.function;
    frame.file = cost.place.file;
    frame.line = cost.place.line;
    frame.module = cost.place.module;
  }
  return frames;
}

std::vector<PairableStack> stacksOf(const std::vector<Frame>& frames, const std::vector<PlaceCost>& costs) {
  std::vector<PairableStack> stacks;
  for (std::size_t i = 0; i < frames.size(); ++i)
    stacks.push_back({std::span(&frames[i], 1), costs[i].place.scope});
  return stacks;
}

// Worst first: what was added, then what allocates less.
std::vector<PlaceChange> placeChanges(const std::vector<PlaceCost>& before,
                                      const std::vector<PlaceCost>& after) {
  const std::vector<Frame> oldFrames = framesOf(before);
  const std::vector<Frame> newFrames = framesOf(after);
  const StackPairs paired = pairStacks(stacksOf(oldFrames, before), stacksOf(newFrames, after));
  std::vector<PlaceChange> changes;
  for (const StackPair& pair : paired.pairs)
    changes.push_back({before[pair.before], after[pair.after], pair.similarity});
  for (const std::size_t i : paired.gone) changes.push_back({before[i], {}, 1});
  for (const std::size_t j : paired.added) changes.push_back({{}, after[j], 1});
  std::erase_if(changes,
                [](const PlaceChange& change) { return std::abs(change.blocksAdded()) < kLeastBlocks; });
  std::stable_sort(changes.begin(), changes.end(), [](const PlaceChange& a, const PlaceChange& b) {
    return a.blocksAdded() > b.blocksAdded();
  });
  return changes;
}

double sumOf(const std::vector<PlaceCost>& costs) {
  double sum = 0;
  for (const PlaceCost& cost : costs) sum += cost.blocks;
  return sum;
}

// Where the sum varies and has not changed by more than that, the parts say nothing.
bool allocationsCompare(const Comparison& comparison) {
  const auto total =
      std::find_if(comparison.metrics.begin(), comparison.metrics.end(),
                   [](const MetricChange& change) { return change.after.name == kAllocations; });
  if (total == comparison.metrics.end()) return false;
  const bool changed = total->change == Change::worse || total->change == Change::better;
  return changed || !isSpread(total->before, total->after);
}

void comparePlaces(const Report& before, const Report& after, ReportDiff& diff) {
  const Metric* was = findMetric(before.metrics, kAllocations);
  const Metric* is = findMetric(after.metrics, kAllocations);
  if (was == nullptr || is == nullptr || before.sites.empty() || after.sites.empty()) return;
  const std::vector<PlaceCost> old = costsOf(before);
  const std::vector<PlaceCost> now = costsOf(after);
  diff.places = placeChanges(old, now);
  const double others = (is->value - sumOf(now)) - (was->value - sumOf(old));
  diff.othersAdded = std::abs(others) < kLeastBlocks ? 0 : others;
}

// --- steps

std::vector<StepChange> stepChanges(const std::vector<StepTimes>& before,
                                    const std::vector<StepTimes>& after) {
  std::vector<StepChange> changes;
  for (const StepTimes& is : after) {
    const auto was = std::find_if(before.begin(), before.end(),
                                  [&](const StepTimes& step) { return step.step == is.step; });
    if (was == before.end() || was->p50Ns <= 0) continue;
    const StepChange change{is.step, was->p50Ns, is.p50Ns};
    if (std::abs(change.percent()) >= kLeastStepPercent) changes.push_back(change);
  }
  std::stable_sort(changes.begin(), changes.end(),
                   [](const StepChange& a, const StepChange& b) { return a.percent() > b.percent(); });
  return changes;
}

std::vector<std::string> environmentChanges(const Environment& before, const Environment& after) {
  std::vector<std::string> changes;
  const auto add = [&](std::string_view name, const std::string& was, const std::string& is) {
    if (was != is) changes.push_back(fmt::format("{}: {}, now {}", name, was, is));
  };
  add("compiler", before.compiler, after.compiler);
  add("flags", before.flags, after.flags);
  add("build type", before.buildType, after.buildType);
  add("libc", before.libc, after.libc);
  add("kernel", before.kernel, after.kernel);
  add("processor", before.cpu, after.cpu);
  add("cores", std::to_string(before.cores), std::to_string(after.cores));
  add("shim", std::to_string(before.shimLayout), std::to_string(after.shimLayout));
  return changes;
}

}  // namespace

bool ReportDiff::regressed() const {
  return comparison.regressed() ||
         std::any_of(findings.begin(), findings.end(), [](const FindingChange& change) {
           return change.fate == Fate::grew && change.similarity < 1;
         });
}

ReportDiff diffReports(const Report& before, const Report& after) {
  ReportDiff diff;
  diff.comparison = compare(asBaseline(before), after);
  diff.findings = findingChanges(before, after);
  keepUnpaired(diff.findings, diff.comparison);
  if (allocationsCompare(diff.comparison)) {
    comparePlaces(before, after, diff);
    if (before.profile && after.profile) diff.stacks = stackChanges(*before.profile, *after.profile);
  }
  if (diff.comparison.sameEnvironment) diff.steps = stepChanges(before.steps, after.steps);
  diff.environment = environmentChanges(before.environment, after.environment);
  return diff;
}

ReportDiff diffWithBaseline(const Baseline& before, const Report& after) {
  ReportDiff diff;
  diff.comparison = compare(before, after);
  for (const NamedFinding& finding : diff.comparison.newFindings) {
    const auto same =
        std::find_if(after.findings.begin(), after.findings.end(),
                     [&](const NamedFinding& each) { return each.fingerprint == finding.fingerprint; });
    diff.findings.push_back({Fate::added, nullptr, &*same, "", 1});
  }
  for (const KnownFinding& known : diff.comparison.goneFindings)
    diff.findings.push_back({Fate::gone, nullptr, nullptr, known.text, 1});
  diff.environment = environmentChanges(before.environment, after.environment);
  return diff;
}

}  // namespace leakgate
