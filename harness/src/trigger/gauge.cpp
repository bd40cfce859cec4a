#include "trigger/gauge.hpp"

#include <algorithm>
#include <utility>

#include "analysis/finding_kind.hpp"
#include "analysis/object_findings.hpp"
#include "analysis/resource_growth.hpp"

namespace leakgate {

namespace {

bool isCaller(const Gauge& gauge, const CodeLocation& caller) {
  return std::find(gauge.callers.begin(), gauge.callers.end(), caller) != gauge.callers.end();
}

std::pair<std::int64_t, std::int64_t> openOf(const Gauge& gauge, const MemorySnapshot& memory) {
  const FindingKind kind = placeKindOf(gauge.kind);
  std::int64_t count = 0, bytes = 0;
  for (const auto& row : memory.resources) {
    if (findingKindOf(row.kind) != kind || !isCaller(gauge, row.caller)) continue;
    count += static_cast<std::int64_t>(row.opened - row.closed);
    bytes += static_cast<std::int64_t>(row.openedBytes - row.closedBytes);
  }
  return {count, bytes};
}

constexpr std::string_view kDeleted = " (deleted)";
constexpr std::string_view kMemfd = "/memfd:";

// Whether it is an open file that grows: the kernel's count of files does not include it.
bool isOpenFile(const Finding& finding) {
  const bool kind = finding.kind == FindingKind::file || finding.kind == FindingKind::sharedMemory;
  const bool named = finding.detail.ends_with(kDeleted) || finding.detail.starts_with(kMemfd);
  return kind && named && finding.blocks.back() == 0;
}

// Bytes of the file of that name; after another start of the target, with other temporary names, of all
// deleted files.
std::int64_t openBytes(const std::string& path, bool named, const ProcessSample& process) {
  std::uint64_t bytes = 0;
  for (const auto& [other, size] : process.openFiles) {
    const bool deleted = other.ends_with(kDeleted) && !other.starts_with(kMemfd);
    if (named ? other == path : deleted) bytes += size;
  }
  return static_cast<std::int64_t>(bytes);
}

GrowthCourse openFileCourse(const Gauge& gauge, const RunRecord& record) {
  GrowthCourse course;
  const bool named = record.checkpoints.back().process.openFiles.contains(gauge.openFile);
  for (const auto& checkpoint : record.checkpoints) {
    course.blocks.push_back(0);
    course.bytes.push_back(openBytes(gauge.openFile, named, checkpoint.process));
  }
  aboveWarm(course.bytes);
  return course;
}

std::pair<std::int64_t, std::int64_t> liveOf(const Gauge& gauge, const MemorySnapshot& memory) {
  if (gauge.callers.empty()) return {memory.totals.liveBlocks(), memory.totals.liveBytes()};
  std::int64_t blocks = 0, bytes = 0;
  for (const auto& row : memory.sites) {
    if (row.scope != gauge.scope || !isCaller(gauge, row.caller)) continue;
    blocks += static_cast<std::int64_t>(row.allocations - row.frees);
    bytes += static_cast<std::int64_t>(row.allocatedBytes - row.freedBytes);
  }
  return {blocks, bytes};
}

std::size_t risingIntervals(const Series& series) {
  const auto steps = intervals(series);
  return static_cast<std::size_t>(std::count_if(steps.begin(), steps.end(), [](auto d) { return d > 0; }));
}

// Whether a realloc() or mremap() enlarges blocks: their number stays, or rarely changes.
bool growsByBytes(const Finding& finding) {
  if (!traitsOf(finding.kind).hasBytes || finding.bytes.empty() || finding.bytes.back() <= 0) return false;
  return finding.blocks.back() <= 0 || risingIntervals(finding.blocks) < risingIntervals(finding.bytes);
}

// Over blocks that double each time, noisy growth looks like growing jumps.
bool risesInEach(const Finding& finding) {
  return finding.blocks.size() > 1 && finding.blocks.back() > 0 &&
         risingIntervals(finding.blocks) + 1 == finding.blocks.size();
}

// Whether it is counted at every checkpoint of an experiment, by the shim or by the kernel.
bool isCountedAtCheckpoints(FindingKind kind) {
  return kind == FindingKind::heap || kind == FindingKind::mapping || kind == FindingKind::descriptor ||
         kind == FindingKind::thread || isObjectKind(kind);
}

}  // namespace

std::string reasonNotAsked(const Finding& finding) {
  if (finding.kind == FindingKind::slowdown) return "a slowdown shows only in a long run";
  if (!isCountedAtCheckpoints(finding.kind)) return "short experiments do not measure this kind";
  if (finding.follows == Follows::time) return "it follows time, not what is asked";
  if (finding.pattern == Pattern::slow)
    return "it rises less than the work, and short experiments see only how it starts";
  if (finding.pattern == Pattern::stepped && !risesInEach(finding))
    return "it grows by jumps, too coarse for short experiments";
  return "";
}

std::optional<Gauge> gaugeOf(const Finding& finding, std::vector<CodeLocation> callers,
                             std::uint64_t requests) {
  if (!reasonNotAsked(finding).empty() || requests == 0 || finding.blocks.empty()) return std::nullopt;
  Gauge gauge;
  gauge.kind = finding.kind;
  gauge.callers = std::move(callers);
  gauge.scope = finding.scope;
  gauge.byBytes = growsByBytes(finding);
  if (isOpenFile(finding)) gauge.openFile = finding.detail;
  if (gauge.byBytes) gauge.unit = byteUnitOf(finding.bytes, requests);
  const auto units =
      static_cast<double>(gauge.byBytes ? finding.bytes.back() / gauge.unit : finding.blocks.back());
  gauge.perRequest = units / static_cast<double>(requests);
  return gauge;
}

GrowthCourse courseOf(const Gauge& gauge, const RunRecord& record) {
  GrowthCourse course;
  if (record.checkpoints.empty()) return course;
  if (!gauge.openFile.empty()) return openFileCourse(gauge, record);
  const bool heap = gauge.kind == FindingKind::heap;
  if (!heap && gauge.callers.empty()) {
    SiteGrowth all = kernelGrowth(record, gauge.kind);
    return {std::move(all.blocks), std::move(all.bytes)};
  }
  for (const auto& checkpoint : record.checkpoints) {
    const auto [blocks, bytes] = heap ? liveOf(gauge, checkpoint.memory) : openOf(gauge, checkpoint.memory);
    course.blocks.push_back(blocks);
    course.bytes.push_back(bytes);
  }
  aboveWarm(course.blocks);
  aboveWarm(course.bytes);
  return course;
}

const Series& unitsOf(const GrowthCourse& course, const Gauge& gauge) {
  return gauge.byBytes ? course.bytes : course.blocks;
}

}  // namespace leakgate
