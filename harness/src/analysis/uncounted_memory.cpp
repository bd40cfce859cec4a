#include "analysis/uncounted_memory.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "analysis/managed_heap.hpp"
#include "analysis/resource_growth.hpp"
#include "analysis/site_growth.hpp"
#include "analysis/steady_growth.hpp"

namespace leakgate {
namespace {

// Overhead of allocators: a header and rounding per block, size classes an eighth or a quarter apart.
constexpr std::int64_t kBlockOverhead = 32;
constexpr double kSizeOverhead = 1.25;
// Leaked blocks prevent memory around them from being reused: aligned blocks the part before them, and any
// block at most a page.
constexpr std::int64_t kExplainedTimes = 4;
constexpr std::int64_t kPageBytes = 4096;
// A mapped block that is touched bit by bit will be full at some time: up to this many times the touched
// part, it is a pool that fills up.
constexpr std::uint64_t kPoolTimes = 2;
constexpr std::int64_t kNoticedUncountedBytes = 4 << 20;
constexpr std::size_t kShownNames = 3;

std::int64_t signedOf(std::uint64_t value) { return static_cast<std::int64_t>(value); }

std::int64_t residentOf(const Checkpoint& checkpoint) {
  return signedOf(checkpoint.process.resident.bytes) - signedOf(checkpoint.memory.audit.privateBytes);
}

std::int64_t mappedByProgram(const Checkpoint& checkpoint) {
  std::int64_t bytes = 0;
  for (const auto& row : checkpoint.memory.resources) {
    if (row.kind == ResourceKind::mapping) bytes += signedOf(row.openedBytes - row.closedBytes);
  }
  return bytes;
}

std::int64_t countedGrowth(const Checkpoint& warm, const Checkpoint& now, bool withMappings) {
  const std::int64_t blocks = now.memory.totals.liveBlocks() - warm.memory.totals.liveBlocks();
  const std::int64_t bytes = now.memory.totals.liveBytes() - warm.memory.totals.liveBytes();
  const auto heap =
      static_cast<std::int64_t>(kSizeOverhead * static_cast<double>(std::max<std::int64_t>(bytes, 0)));
  const std::int64_t mapped = withMappings ? mappedByProgram(now) - mappedByProgram(warm) : 0;
  return heap + kBlockOverhead * std::max<std::int64_t>(blocks, 0) + std::max<std::int64_t>(mapped, 0);
}

bool roseLately(const RunRecord& record, std::uint64_t ProcessSample::*member) {
  const std::size_t last = record.checkpoints.size() - 1;
  const auto& before = record.checkpoints[last - std::min(last, kLateIntervals)].process;
  return record.checkpoints[last].process.*member > before.*member;
}

bool holdsMemory(FindingKind kind) {
  return kind == FindingKind::heap || kind == FindingKind::mapping || kind == FindingKind::managed;
}

// Upper bound of the resident memory that the findings explain.
std::int64_t explainedBytes(const std::vector<Finding>& findings) {
  std::int64_t bytes = 0;
  for (const auto& finding : findings) {
    if (finding.bytes.empty() || !holdsMemory(finding.kind)) continue;
    const std::int64_t around =
        std::max(kExplainedTimes * finding.bytes.back(), kPageBytes * finding.blocks.back());
    bytes += std::max<std::int64_t>(around, 0);
  }
  return bytes;
}

bool explained(const std::vector<Finding>& findings, std::int64_t uncounted) {
  const bool threads = std::any_of(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.kind == FindingKind::thread;
  });
  if (threads) return true;  // ended threads that are not joined keep their stacks
  const bool any = std::any_of(findings.begin(), findings.end(),
                               [](const Finding& finding) { return holdsMemory(finding.kind); });
  return any && uncounted < explainedBytes(findings);
}

// A tracing collector that was made to collect has reported what is alive; memory that it keeps beyond is its
// own. One that was not can only be judged by resident memory.
const JudgedRuntime* tracingRuntime(const std::vector<JudgedRuntime>& runtimes) {
  const auto found = std::find_if(runtimes.begin(), runtimes.end(), [](const JudgedRuntime& one) {
    return tracesObjects(one.runtime.runtime);
  });
  return found == runtimes.end() ? nullptr : &*found;
}

// --- memory that was mapped before and is touched bit by bit ---

struct Touched {
  std::uint64_t bytes = 0;  ///< that became resident since "warm", in unchanged mappings
  std::uint64_t room = 0;   ///< the part of those mappings that is not resident yet
  std::uint64_t whole = 0;  ///< their size
};

Touched touchedSinceWarm(const RunRecord& record) {
  Touched touched;
  const auto& before = record.checkpoints.front().process.resident.largest;
  for (const auto& area : record.checkpoints.back().process.resident.largest) {
    const auto same = std::find_if(before.begin(), before.end(), [&](const ResidentArea& old) {
      return old.pid == area.pid && old.start == area.start && old.bytes == area.bytes;
    });
    if (same == before.end() || area.resident <= same->resident) continue;
    touched.bytes += area.resident - same->resident;
    touched.room += area.bytes - area.resident;
    touched.whole += area.bytes;
  }
  return touched;
}

bool mostlyTouched(const Touched& touched, const ResidentCourse& course) {
  return 2 * signedOf(touched.bytes) >= course.uncounted.back();
}

bool fillsAPool(const Touched& touched, const ResidentCourse& course) {
  return mostlyTouched(touched, course) && touched.room < kPoolTimes * touched.bytes;
}

// --- what to say ---

std::string perRequest(double bytes) {
  return fmt::format("{:+.{}f} B", bytes, std::abs(bytes) < 10 ? 1 : 0);
}

std::string mebibytes(std::uint64_t bytes) {
  constexpr double kMebibyte = 1 << 20;
  return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / kMebibyte);
}

std::string nameText(const std::string& name) {
  if (name == "[heap]") return "the program break (sbrk)";
  if (name == kAnonymousName) return "anonymous mappings";
  if (name == kSharedAnonymousName) return "shared anonymous mappings";
  return name;
}

std::string whereLine(const RunRecord& record) {
  const auto& before = record.checkpoints.front().process.resident.byName;
  std::vector<std::pair<std::uint64_t, std::string>> rises;
  for (const auto& [name, bytes] : record.checkpoints.back().process.resident.byName) {
    const auto old = before.find(name);
    const std::uint64_t was = old == before.end() ? 0 : old->second;
    if (bytes > was) rises.emplace_back(bytes - was, nameText(name));
  }
  std::sort(rises.rbegin(), rises.rend());
  std::string text;
  for (std::size_t k = 0; k < std::min(kShownNames, rises.size()); ++k)
    text += fmt::format("{}{} +{}", text.empty() ? "in " : ", ", rises[k].second, mebibytes(rises[k].first));
  return text;
}

std::string amountsLine(const ResidentCourse& course, std::uint64_t events) {
  const auto count = static_cast<double>(events);
  return fmt::format("resident memory {} per event, counted blocks and mappings {}",
                     perRequest(static_cast<double>(course.resident.back()) / count),
                     perRequest(static_cast<double>(course.counted.back()) / count));
}

std::string touchedLine(const Touched& touched, double rate) {
  return fmt::format("pages of {} that were mapped before become resident: full after {:.0f} more events",
                     mebibytes(touched.whole), static_cast<double>(touched.room) / std::max(rate, 1.0));
}

std::string unseenLine(const RuntimeTraits& traits) {
  return fmt::format(
      "{} maps its heap past the C library and offers no collection from outside: "
      "judged by what is resident",
      traits.name);
}

Finding toFinding(const RunRecord& record, const ResidentCourse& course, const Driver& driver) {
  Finding finding;
  finding.kind = FindingKind::uncounted;
  finding.follows = driver.follows;
  finding.step = driver.step;
  finding.events = driver.work.back();
  finding.checkpoints = driver.work;
  finding.blocks.assign(course.uncounted.size(), 0);
  finding.bytes = course.uncounted;
  finding.bytesPerEvent = static_cast<double>(course.uncounted.back()) / static_cast<double>(finding.events);
  finding.subject = "memory outside the counted heap";
  finding.evidence = {amountsLine(course, finding.events), whereLine(record)};
  const Touched touched = touchedSinceWarm(record);
  const auto runtimes = judgedRuntimes(record);
  if (const JudgedRuntime* runtime = tracingRuntime(runtimes)) {
    finding.subject = traitsOf(runtime->runtime.runtime).heap;
    finding.evidence.push_back(unseenLine(traitsOf(runtime->runtime.runtime)));
  } else if (mostlyTouched(touched, course)) {
    finding.evidence.push_back(touchedLine(touched, finding.bytesPerEvent));
  }
  return finding;
}

// Not when processes or threads were added: they come with memory of their own.
bool mayJudge(const RunRecord& record) {
  if (record.depth == Depth::none || record.checkpoints.front().process.resident.bytes == 0) return false;
  if (roseLately(record, &ProcessSample::processes)) return false;
  const auto runtimes = judgedRuntimes(record);
  const JudgedRuntime* const tracing = tracingRuntime(runtimes);
  if (tracing != nullptr) return !tracing->measured;
  return !roseLately(record, &ProcessSample::threads);
}

const SteadyLimits& limitsFor(const RunRecord& record) {
  const auto runtimes = judgedRuntimes(record);
  return tracingRuntime(runtimes) != nullptr ? kCollectedLimits : kResidentLimits;
}

const Driver* steadyDriver(const RunRecord& record, const ResidentCourse& course,
                           const std::vector<Driver>& drivers) {
  const SteadyLimits& limits = limitsFor(record);
  const auto found = std::find_if(drivers.begin(), drivers.end(), [&](const Driver& driver) {
    return !driver.oneStep && risesSteadily(course.uncounted, driver.work, limits);
  });
  return found == drivers.end() ? nullptr : &*found;
}

}  // namespace

ResidentCourse residentCourse(const RunRecord& record) {
  ResidentCourse course;
  const Checkpoint& warm = record.checkpoints.front();
  // Such a runtime's heap is mapped past the C library: only its threads' stacks are counted, megabytes of
  // reserved memory that are hardly touched.
  const auto runtimes = judgedRuntimes(record);
  const bool withMappings = tracingRuntime(runtimes) == nullptr;
  for (const auto& checkpoint : record.checkpoints) {
    course.resident.push_back(residentOf(checkpoint) - residentOf(warm));
    course.counted.push_back(countedGrowth(warm, checkpoint, withMappings));
    course.uncounted.push_back(course.resident.back() - course.counted.back());
  }
  return course;
}

std::optional<Finding> uncountedFinding(const RunRecord& record, const std::vector<Driver>& drivers,
                                        const std::vector<Finding>& others) {
  if (!mayJudge(record)) return std::nullopt;
  const ResidentCourse course = residentCourse(record);
  const Driver* const driver = steadyDriver(record, course, drivers);
  if (driver == nullptr || explained(others, course.uncounted.back())) return std::nullopt;
  // A runtime's arenas are not pools: it maps the next when one is full.
  const auto runtimes = judgedRuntimes(record);
  if (tracingRuntime(runtimes) == nullptr && fillsAPool(touchedSinceWarm(record), course))
    return std::nullopt;
  return toFinding(record, course, *driver);
}

bool uncountedMayRise(const RunRecord& record, const std::vector<Driver>& drivers) {
  if (drivers.empty() || !mayJudge(record)) return false;
  const ResidentCourse course = residentCourse(record);
  return maySteadilyRise(course.uncounted, drivers.front().work, limitsFor(record));
}

std::optional<Observation> retentionObservation(const RunRecord& record, const std::vector<Driver>& drivers,
                                                const std::vector<Finding>& findings) {
  if (record.depth == Depth::none) return std::nullopt;
  const Series uncounted = residentCourse(record).uncounted;
  const auto warmBytes = signedOf(record.checkpoints.front().process.resident.bytes);
  if (uncounted.back() < std::max(kNoticedUncountedBytes, warmBytes / 4)) return std::nullopt;
  const bool known = std::any_of(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.kind == FindingKind::uncounted;
  });
  if (known || explained(findings, uncounted.back())) return std::nullopt;
  Observation observation;
  observation.kind = FindingKind::retention;
  const bool rises = !drivers.empty() && maySteadilyRise(uncounted, drivers.front().work, limitsFor(record));
  observation.pattern = rises ? Pattern::slow : Pattern::bounded;
  observation.bytes = uncounted.back();
  return observation;
}

}  // namespace leakgate
