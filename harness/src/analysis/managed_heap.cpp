#include "analysis/managed_heap.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "analysis/steady_growth.hpp"

namespace leakgate {
namespace {

// Compiled code, its caches and tables change the size of a heap by themselves: bytes are judged in such
// units, and a rise must have many of them.
constexpr std::int64_t kByteUnit = 1024;
constexpr SteadyLimits kHeapLimits{256 << 10, 32 << 10};
constexpr SteadyLimits kObjectLimits{2'000, 250};
constexpr std::size_t kShownPlaces = 3;
constexpr double kShownShare = 0.05;  // of the growth; smaller places are not named

using Amounts = std::vector<HeapAmount>;

Amounts amountsOf(const RunRecord& record, Runtime runtime) {
  Amounts amounts;
  for (const auto& checkpoint : record.checkpoints) {
    const auto heap = checkpoint.heaps.find(runtime);
    amounts.push_back(heap == checkpoint.heaps.end() ? HeapAmount{} : heap->second.live);
  }
  return amounts;
}

Series seriesOf(const Amounts& amounts, std::uint64_t HeapAmount::*member) {
  Series series;
  for (const auto& amount : amounts) series.push_back(static_cast<std::int64_t>(amount.*member));
  aboveWarm(series);
  return series;
}

bool collectedThroughout(const RunRecord& record, Runtime runtime) {
  std::set<std::uint64_t> counts;
  for (const auto& checkpoint : record.checkpoints) {
    const auto heap = checkpoint.heaps.find(runtime);
    counts.insert(heap == checkpoint.heaps.end() ? 0 : heap->second.heaps);
  }
  return counts.size() == 1 && !counts.contains(0);
}

struct Course {
  Series blocks;
  Series bytes;
  bool byBytes() const { return bytes.back() != 0 || blocks.back() == 0; }
};

std::optional<Cause> causeOfCourse(const Course& course, const std::vector<Driver>& drivers) {
  const bool byBytes = course.byBytes();
  const Series& series = byBytes ? course.bytes : course.blocks;
  const std::int64_t unit = byBytes ? kByteUnit : 1;
  const SteadyLimits& limits = byBytes ? kHeapLimits : kObjectLimits;
  if (series.back() < limits.total) return std::nullopt;
  if (risesThroughout(series, unit)) {
    if (auto cause = causeOf(series, drivers, unit)) return cause;
  }
  for (const auto& driver : drivers) {
    if (risesSteadily(series, driver.work, limits)) return Cause{driver, false};
  }
  return std::nullopt;
}

std::string placeText(const HeapPlace& place) {
  const std::string name = place.function.empty() ? "line" : place.function;
  if (place.file.empty()) return name;
  constexpr std::string_view kScheme = "file://";
  const std::string file = place.file.starts_with(kScheme) ? place.file.substr(kScheme.size()) : place.file;
  return fmt::format("{} {}:{}", name, file, place.line);
}

// Places whose live objects rose most since the first checkpoint with places.
std::vector<std::string> placeLines(const RunRecord& record, Runtime runtime, double events) {
  const auto placesAt = [&](const Checkpoint& checkpoint) -> const std::map<HeapPlace, HeapAmount>* {
    const auto heap = checkpoint.heaps.find(runtime);
    return heap == checkpoint.heaps.end() || heap->second.places.empty() ? nullptr : &heap->second.places;
  };
  const auto* last = placesAt(record.checkpoints.back());
  if (last == nullptr) return {};
  const auto* first = placesAt(record.checkpoints.front());
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
  if (bytes.back() < kHeapLimits.total || !risesSteadily(bytes, finding.checkpoints, kHeapLimits)) return;
  finding.evidence.push_back(
      fmt::format("{} allocates {:+.0f} B per event by malloc beside it, as for direct buffers",
                  traitsOf(runtime).name, lateRate(bytes, finding.checkpoints)));
}

Finding toFinding(const RunRecord& record, Runtime runtime, const Course& course, const Cause& cause) {
  const RuntimeTraits& traits = traitsOf(runtime);
  Finding finding;
  finding.kind = FindingKind::managed;
  finding.follows = cause.driver.follows;
  finding.step = cause.driver.step;
  finding.subject = traits.heap;
  finding.events = cause.driver.work.back();
  finding.checkpoints = cause.driver.work;
  finding.blocks = course.blocks;
  finding.bytes = course.bytes;
  const auto events = static_cast<double>(finding.events);
  finding.blocksPerEvent = static_cast<double>(course.blocks.back()) / events;
  finding.bytesPerEvent = static_cast<double>(course.bytes.back()) / events;
  finding.evidence.push_back(countingText(record, runtime));
  for (auto& line : placeLines(record, runtime, events)) finding.evidence.push_back(std::move(line));
  addNativeBytes(finding, record, runtime);
  return finding;
}

Course courseOf(const RunRecord& record, Runtime runtime) {
  const Amounts amounts = amountsOf(record, runtime);
  return {seriesOf(amounts, &HeapAmount::blocks), seriesOf(amounts, &HeapAmount::bytes)};
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
  for (const auto& one : all) judged.push_back({one, collectedThroughout(record, one.runtime)});
  return judged;
}

bool tracesObjects(Runtime runtime) { return runtime != Runtime::cpython; }

std::vector<Finding> managedFindings(const RunRecord& record, const std::vector<Driver>& drivers) {
  std::vector<Finding> findings;
  for (const Runtime runtime : measuredRuntimes(record)) {
    const Course course = courseOf(record, runtime);
    if (const auto cause = causeOfCourse(course, drivers))
      findings.push_back(toFinding(record, runtime, course, *cause));
  }
  return findings;
}

bool managedMayRise(const RunRecord& record, const std::vector<Driver>& drivers) {
  for (const Runtime runtime : measuredRuntimes(record)) {
    const Course course = courseOf(record, runtime);
    if (drivers.empty()) continue;
    const bool byBytes = course.byBytes();
    const Series& series = byBytes ? course.bytes : course.blocks;
    if (maySteadilyRise(series, drivers.front().work, byBytes ? kHeapLimits : kObjectLimits)) return true;
  }
  return false;
}

const JudgedRuntime* ownerOf(const std::vector<JudgedRuntime>& runtimes, std::string_view module) {
  const auto owner = std::find_if(runtimes.begin(), runtimes.end(),
                                  [&](const JudgedRuntime& one) { return one.runtime.owns(module); });
  return owner == runtimes.end() ? nullptr : &*owner;
}

}  // namespace leakgate
