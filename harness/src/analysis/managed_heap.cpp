#include "analysis/managed_heap.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "analysis/growth_finding.hpp"
#include "analysis/managed_course.hpp"
#include "analysis/steady_growth.hpp"

namespace leakgate {
namespace {

constexpr SteadyLimits kNativeLimits{kSureUnits * kManagedByteUnit, kManagedByteUnit};
constexpr std::size_t kShownPlaces = 3;
constexpr double kShownShare = 0.05;  // of the growth; smaller places are not named

std::string placeText(const HeapPlace& place) {
  std::string name = place.function.empty() ? "line" : place.function;
  if (place.file.empty()) return name;
  constexpr std::string_view kScheme = "file://";
  const std::string file = place.file.starts_with(kScheme) ? place.file.substr(kScheme.size()) : place.file;
  return fmt::format("{} {}:{}", name, file, place.line);
}

// Places whose live objects rose most from the first to the last of `readings`.
std::vector<std::string> placeLines(const std::vector<Checkpoint>& readings, Runtime runtime, double events) {
  const auto placesAt = [&](const Checkpoint& checkpoint) -> const std::map<HeapPlace, HeapAmount>* {
    const auto heap = checkpoint.heaps.find(runtime);
    return heap == checkpoint.heaps.end() || heap->second.places.empty() ? nullptr : &heap->second.places;
  };
  const auto* last = placesAt(readings.back());
  if (last == nullptr) return {};
  const auto* first = placesAt(readings.front());
  std::vector<std::pair<double, std::string>> rises;
  double all = 0;
  for (const auto& [place, amount] : *last) {
    const auto before = first == nullptr         ? HeapAmount{}
                        : first->contains(place) ? first->at(place)
                                                 : HeapAmount{};
    const double rise = static_cast<double>(amount.bytes) - static_cast<double>(before.bytes);
    if (rise <= 0) continue;
    all += rise;
    rises.emplace_back(rise, placeText(place));
  }
  std::sort(rises.rbegin(), rises.rend());
  std::vector<std::string> lines;
  for (const auto& [rise, text] : rises) {
    if (lines.size() == kShownPlaces || rise < kShownShare * all) break;
    lines.push_back(fmt::format("{}: {:+.0f} B per event", text, rise / events));
  }
  return lines;
}

// How the objects were counted.
std::string countingText(const RunRecord& record, Runtime runtime) {
  const RuntimeTraits& traits = traitsOf(runtime);
  const auto heap = record.checkpoints.back().heaps.find(runtime);
  if (heap == record.checkpoints.back().heaps.end() || heap->second.uncollected == 0)
    return fmt::format("{}: live {} after a collection at each checkpoint", traits.name, traits.objects);
  return fmt::format(
      "{}: {} at each checkpoint, without a collection, since the program has turned it off: unreachable "
      "cycles stay",
      traits.name, traits.objects);
}

// Live bytes that a runtime's own code allocated by malloc().
Series nativeBytes(const RunRecord& record, Runtime runtime) {
  Series series;
  for (const auto& checkpoint : record.checkpoints) {
    std::int64_t bytes = 0;
    for (const auto& row : checkpoint.memory.sites) {
      const bool owned =
          std::any_of(checkpoint.runtimes.begin(), checkpoint.runtimes.end(),
                      [&](const auto& one) { return one.runtime == runtime && one.owns(row.caller.module); });
      if (owned) bytes += static_cast<std::int64_t>(row.allocatedBytes - row.freedBytes);
    }
    series.push_back(bytes);
  }
  aboveWarm(series);
  return series;
}

// A JVM's heap has an object for each direct buffer, whose bytes come from malloc(). V8 includes memory
// outside of its heap in its report.
void addNativeBytes(Finding& finding, const RunRecord& record, Runtime runtime) {
  if (runtime != Runtime::jvm) return;
  const Series bytes = nativeBytes(record, runtime);
  if (bytes.back() < kNativeLimits.total || !risesSteadily(bytes, finding.checkpoints, kNativeLimits)) return;
  finding.evidence.push_back(
      fmt::format("{} allocates {:+.0f} B per event by malloc beside it, as for direct buffers",
                  traitsOf(runtime).name, lateRate(bytes, finding.checkpoints)));
}

Finding heapFinding(const RunRecord& record, Runtime runtime, const Growth& growth, const GrowthTable& table,
                    const Judgement& judgement) {
  Finding finding = toFinding(growth, table, judgement);
  finding.subject = std::exchange(finding.scope, "");
  finding.evidence.push_back(countingText(record, runtime));
  const auto& readings = provedByRests(finding, record) ? record.rests : record.checkpoints;
  for (auto& line : placeLines(readings, runtime, static_cast<double>(finding.events)))
    finding.evidence.push_back(std::move(line));
  addNativeBytes(finding, record, runtime);
  return finding;
}

std::set<Runtime> measuredRuntimes(const RunRecord& record) {
  std::set<Runtime> runtimes;
  for (const auto& one : judgedRuntimes(record)) {
    if (one.measured) runtimes.insert(one.runtime.runtime);
  }
  return runtimes;
}

}  // namespace

std::vector<JudgedRuntime> judgedRuntimes(const RunRecord& record) {
  std::set<RuntimeInProcess> all;
  for (const auto& checkpoint : record.checkpoints)
    all.insert(checkpoint.runtimes.begin(), checkpoint.runtimes.end());
  std::vector<JudgedRuntime> judged;
  judged.reserve(all.size());
  for (const auto& one : all) judged.push_back({one, collectedThroughout(record, one.runtime)});
  return judged;
}

bool tracesObjects(Runtime runtime) { return runtime != Runtime::cpython; }

std::vector<Finding> managedFindings(const RunRecord& record, const GrowthTable& table) {
  std::vector<Finding> findings;
  for (const Growth& growth : table.growths) {
    if (!growth.isManaged()) continue;
    const Judgement judgement = judge(growth, table);
    if (!judgement.proved) continue;
    for (const Runtime runtime : measuredRuntimes(record)) {
      if (growth.site().scope == traitsOf(runtime).heap)
        findings.push_back(heapFinding(record, runtime, growth, table, judgement));
    }
  }
  return findings;
}

bool provedByRests(const Finding& finding, const RunRecord& record) {
  return finding.follows != Follows::time && !record.rests.empty() &&
         finding.checkpoints.size() == record.rests.size() &&
         finding.checkpoints.size() != record.checkpoints.size();
}

const JudgedRuntime* ownerOf(const std::vector<JudgedRuntime>& runtimes, std::string_view module) {
  const auto owner = std::find_if(runtimes.begin(), runtimes.end(),
                                  [&](const JudgedRuntime& one) { return one.runtime.owns(module); });
  return owner == runtimes.end() ? nullptr : &*owner;
}

}  // namespace leakgate
