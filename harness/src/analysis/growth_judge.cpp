#include "analysis/growth_judge.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "analysis/growth_finding.hpp"
#include "analysis/managed_heap.hpp"
#include "analysis/object_findings.hpp"
#include "analysis/resource_growth.hpp"
#include "analysis/uncounted_memory.hpp"

namespace leakgate {

namespace {

constexpr std::array kProcessKinds{FindingKind::descriptor, FindingKind::thread, FindingKind::mapping};

// The kernel joins neighbouring mappings to one line, so lines cannot confirm the shim's count, but bytes
// can: a program that unmaps past libc (by direct system calls) has mapped but not grown.
bool kernelConfirms(const RunRecord& record, const SiteGrowth& mappings) {
  const auto mapped = [](const Checkpoint& checkpoint) {
    return static_cast<std::int64_t>(checkpoint.process.mappedBytes);
  };
  return mapped(record.checkpoints.back()) - mapped(record.checkpoints.front()) >= mappings.bytes.back() / 2;
}

constexpr std::int64_t kAllocatorMappingBytes = 64 << 10;
constexpr std::int64_t kAllocatorSlackBytes = 1 << 20;

// An allocator maps large pieces, but no more than twice the leaked bytes.
bool mappedForHeap(const Analysis& analysis, const SiteGrowth& mappings) {
  std::int64_t leaked = 0;
  for (const auto& finding : analysis.findings) {
    const bool heap = finding.kind == FindingKind::heap || finding.kind == FindingKind::managed;
    if (heap && !finding.bytes.empty()) leaked += finding.bytes.back();
  }
  const std::int64_t bytes = mappings.bytes.back();
  const std::int64_t count = mappings.blocks.back();
  if (leaked <= 0 || count <= 0 || bytes / count < kAllocatorMappingBytes) return false;
  return bytes <= 2 * leaked + kAllocatorSlackBytes;
}

bool hasFindingOf(const Analysis& analysis, const RuntimeTraits& runtime) {
  return std::any_of(analysis.findings.begin(), analysis.findings.end(), [&](const Finding& finding) {
    return finding.kind == FindingKind::managed && finding.subject == runtime.heap;
  });
}

// Judges one growth after another, places before totals.
class Judge {
 public:
  Judge(Analysis& analysis, const RunRecord& record)
      : analysis_(analysis),
        record_(record),
        runtimes_(judgedRuntimes(record)),
        table_(growthTableOf(record, analysis.sites)) {}

  void judgeAll() {
    analysis_.findings = managedFindings(record_, table_);
    GrowthTable withoutThreads = table_;
    dropThreads(withoutThreads.drivers);
    dropThreads(withoutThreads.restDrivers);
    addObjects(objectFindings(record_, withoutThreads));
    for (const Growth& growth : table_.growths) {
      if (growth.course.kind == FindingKind::heap) add(growth);
    }
    table_ = std::move(withoutThreads);
    for (const FindingKind kind : kProcessKinds) {
      for (const Growth& growth : table_.growths) {
        if (growth.course.kind == kind) add(growth);
      }
      if (hasFinding(analysis_, FindingKind::process) && !hasFinding(analysis_, kind)) addLasting(kind);
    }
    if (!hasFinding(analysis_, FindingKind::process)) addResident();
    for (Finding& finding : analysis_.findings) finding.lookedRequests = record_.checkpoints.back().requests;
  }

 private:
  void addObjects(ObjectFindings objects) {
    std::move(objects.findings.begin(), objects.findings.end(), std::back_inserter(analysis_.findings));
    std::move(objects.observations.begin(), objects.observations.end(),
              std::back_inserter(analysis_.observations));
  }

  // Fragmentation and caches are observed; memory that keeps rising beyond everything counted is a finding.
  void addResident() {
    if (auto finding = uncountedFinding(record_, table_.drivers, analysis_.findings))
      analysis_.findings.push_back(std::move(*finding));
    if (auto observation = retentionObservation(record_, table_.drivers, analysis_.findings))
      analysis_.observations.push_back(std::move(*observation));
  }

  void add(const Growth& growth) {
    if (!speaksForItself(growth)) return;
    Judgement judgement = judge(growth, table_);
    if (judgement.proved && isOfLiveThreads(growth, judgement)) {
      judgement.proved = false;
      judgement.pattern = Pattern::bounded;
    }
    const bool mapping = growth.course.kind == FindingKind::mapping;
    if (mapping && !(judgement.proved && judgement.cause)) return;
    if (judgement.proved)
      analysis_.findings.push_back(toFinding(growth, table_, judgement));
    else if (judgement.pattern != Pattern::flat)
      analysis_.observations.push_back(toObservation(growth, judgement));
  }

  // When the number of processes grows, each comes with descriptors, threads and mappings, which its parent
  // has opened: count only rises within lasting processes.
  void addLasting(FindingKind kind) {
    const Growth growth{{kind, lastingGrowth(record_, kind), false, true}, {}, {}, {}};
    const Judgement judgement = judge(growth, table_);
    if (judgement.proved) analysis_.findings.push_back(toFinding(growth, table_, judgement));
  }

  bool speaksForItself(const Growth& growth) const {
    if (growth.course.total) return totalSpeaks();
    const FindingKind kind = growth.course.kind;
    const JudgedRuntime* const owner = ownerOf(runtimes_, growth.site().caller.module);
    if (owner != nullptr && !runtimeSpeaks(growth, *owner)) return false;
    if (kind == FindingKind::heap) return true;
    if (hasFinding(analysis_, FindingKind::process)) {
      const auto lasting = lastingGrowth(record_, kind).blocks.back();
      if (growth.course.beyond || 2 * lasting < growth.site().blocks.back()) return false;
    }
    if (kind == FindingKind::mapping) return mappingSpeaks(growth);
    // With ended threads that are not joined, the places count more than the kernel.
    return !growth.course.beyond || growth.site().blocks.back() >= 0;
  }

  bool totalSpeaks() const {
    const bool sitesComplete =
        record_.depth >= Depth::sites && record_.checkpoints.back().memory.audit.sitesFolded == 0;
    return !sitesComplete && !hasFinding(analysis_, FindingKind::heap);
  }

  // Blocks and mappings of a runtime's own code hold its heap, its caches and compiled code. They are
  // findings only when they rise in proportion to the work while the objects do not rise.
  bool runtimeSpeaks(const Growth& growth, const JudgedRuntime& owner) const {
    const FindingKind kind = growth.course.kind;
    if (kind != FindingKind::heap && kind != FindingKind::mapping) return true;
    if (hasFindingOf(analysis_, traitsOf(owner.runtime.runtime))) return false;
    if (kind == FindingKind::mapping && tracesObjects(owner.runtime.runtime)) return false;
    const Judgement judgement = judge(growth, table_);
    return judgement.proved && judgement.cause && growth.site().bytes.back() >= kRuntimeBytes;
  }

  // Memory of live threads: those are judged by their number.
  bool isOfLiveThreads(const Growth& growth, const Judgement& judgement) const {
    if (growth.course.kind != FindingKind::heap || !judgement.cause) return false;
    const Driver& driver = judgement.cause->driver;
    const auto threads = [](const Checkpoint& checkpoint) {
      return static_cast<std::int64_t>(checkpoint.process.threads);
    };
    const std::int64_t alive = threads(record_.checkpoints.back()) - threads(record_.checkpoints.front());
    return driver.follows == Follows::thread && static_cast<std::int64_t>(driver.work.back()) == alive;
  }

  // Leaked blocks and stacks of threads come with mappings, and allocators map at will: mappings are findings
  // only when nothing else explains them, and only in proportion to the work.
  bool mappingSpeaks(const Growth& growth) const {
    if (!growth.course.beyond)
      return !mappedForHeap(analysis_, growth.site()) && kernelConfirms(record_, growth.site());
    const bool collected = std::any_of(runtimes_.begin(), runtimes_.end(), [](const JudgedRuntime& one) {
      return tracesObjects(one.runtime.runtime);
    });
    return !collected && !hasFinding(analysis_, FindingKind::heap) &&
           !hasFinding(analysis_, FindingKind::managed) && !hasFinding(analysis_, FindingKind::thread);
  }

  Analysis& analysis_;
  const RunRecord& record_;
  const std::vector<JudgedRuntime> runtimes_;
  GrowthTable table_;
};

}  // namespace

void judgeGrowths(Analysis& analysis, const RunRecord& record) { Judge(analysis, record).judgeAll(); }

}  // namespace leakgate
