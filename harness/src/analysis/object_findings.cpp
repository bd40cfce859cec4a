#include "analysis/object_findings.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "analysis/growth_finding.hpp"
#include "analysis/resource_growth.hpp"

namespace leakgate {

namespace {

constexpr std::array kObjectKinds{
    FindingKind::process,      FindingKind::zombie,    FindingKind::sharedMemory, FindingKind::semaphore,
    FindingKind::messageQueue, FindingKind::watch,     FindingKind::registration, FindingKind::timer,
    FindingKind::lock,         FindingKind::threadKey, FindingKind::file};

// A smaller change is not worth reporting: one more helper process, a lock that was just held.
constexpr std::int64_t kNoticedObjects = 8;
constexpr std::int64_t kNoticedBytes = 64 << 10;

// A place's count and the kernel's may differ by objects in flight at a checkpoint.
constexpr std::int64_t kSlack = 2;

bool isNoticed(const SiteGrowth& growth) {
  return std::abs(growth.blocks.back()) >= kNoticedObjects || std::abs(growth.bytes.back()) >= kNoticedBytes;
}

bool isWithin(const SiteGrowth& place, const SiteGrowth& all) {
  for (std::size_t k = 0; k < all.blocks.size(); ++k) {
    if (place.blocks[k] > all.blocks[k] + kSlack) return false;
  }
  return true;
}

std::vector<Growth> risingPlaces(const GrowthTable& table, FindingKind kind) {
  std::vector<Growth> places;
  for (const Growth& growth : table.growths) {
    const bool place = growth.course.kind == placeKindOf(kind) && !growth.course.beyond;
    if (place && growth.site().blocks.back() > 0) places.push_back(growth);
  }
  std::stable_sort(places.begin(), places.end(), [](const Growth& a, const Growth& b) {
    return a.site().blocks.back() > b.site().blocks.back();
  });
  return places;
}

// The kernel's count of a kind, including the places.
Growth kernelGrowthIn(const GrowthTable& table, FindingKind kind) {
  return *std::find_if(table.growths.begin(), table.growths.end(), [&](const Growth& growth) {
    return growth.course.kind == kind && growth.course.beyond;
  });
}

// Other programs make such objects too, and the kernel records no creator of most: without a place, only exact
// proportion to the work is evidence. What comes while idle may be another program's.
bool isShared(FindingKind kind) {
  return kind == FindingKind::sharedMemory || kind == FindingKind::semaphore ||
         kind == FindingKind::messageQueue || kind == FindingKind::file;
}

// Each new process inherits them with its descriptors.
bool isInherited(FindingKind kind) { return kind == FindingKind::watch || kind == FindingKind::registration; }

// Where the kernel does not list a kind, only the places count.
bool isCountedByKernel(const RunRecord& record, FindingKind kind) {
  if (kind == FindingKind::process || kind == FindingKind::zombie) return true;
  return kernelLists(record.checkpoints.back().process, kind);
}

class KindFindings {
 public:
  KindFindings(const RunRecord& record, FindingKind kind, const GrowthTable& table)
      : kind_(kind),
        byKernel_(isCountedByKernel(record, kind)),
        table_(table),
        rest_(kernelGrowthIn(table, kind)),
        places_(risingPlaces(table, kind)) {}

  void addTo(ObjectFindings& result) {
    for (const auto& place : places_) addPlace(result, place);
    const bool onlyBytes = std::abs(rest_.site().blocks.back()) < kNoticedObjects;
    if (isNoticed(rest_.site()) && !(placeFound_ && onlyBytes)) addRest(result);
  }

 private:
  void addPlace(ObjectFindings& result, Growth place) {
    if (byKernel_ && !isWithin(place.site(), rest_.site())) return;
    place.course.kind = kind_;
    Judgement judgement = judge(place, table_);
    if (!judgement.proved) return;
    // The shim does not see how many pages a file in /dev/shm gets.
    const bool all = std::abs(place.site().blocks.back() - rest_.site().blocks.back()) <= kSlack;
    if (all && place.site().bytes.back() == 0) judgement.bytes = rest_.site().bytes;
    placeFound_ = true;
    result.findings.push_back(toFinding(place, table_, judgement));
    if (byKernel_) rest_ = without(std::move(rest_), place);
  }

  // If exactly one place rises by at least as much, it is the origin.
  void addRest(ObjectFindings& result) {
    const Judgement judgement = judge(rest_, table_);
    const std::int64_t rise = rest_.site().blocks.back();
    if (places_.size() == 1 && places_.front().site().blocks.back() + kSlack >= rise && rise > 0)
      rest_.site().caller = places_.front().site().caller;
    const bool exact = judgement.cause && judgement.cause->exact;
    const bool appear = rise != 0 || judgement.blocksPerEvent != 0;
    if (isShared(kind_) && appear && !exact) return;
    if (judgement.proved)
      result.findings.push_back(toFinding(rest_, table_, judgement));
    else if (judgement.pattern != Pattern::flat)
      result.observations.push_back(toObservation(rest_, judgement));
  }

  FindingKind kind_;
  bool byKernel_;
  const GrowthTable& table_;
  Growth rest_;  ///< of the kernel's count, minus the growth that places explain
  std::vector<Growth> places_;
  bool placeFound_ = false;
};

constexpr std::size_t kMaxGrowingFiles = 5;
constexpr std::string_view kMemfdPrefix = "/memfd:";

// Bytes of a file that was open at the last checkpoint.
SiteGrowth fileGrowth(const RunRecord& record, const std::string& path) {
  SiteGrowth growth;
  for (const auto& checkpoint : record.checkpoints) {
    const auto found = checkpoint.process.openFiles.find(path);
    const bool open = found != checkpoint.process.openFiles.end();
    growth.bytes.push_back(open ? static_cast<std::int64_t>(found->second) : 0);
    growth.blocks.push_back(0);
  }
  growth.allocations = record.checkpoints.back().requests;
  aboveWarm(growth.bytes);
  return growth;
}

// A log that grows with the requests is normal: an observation. The space of a deleted file is lost until it
// is closed: a finding.
void addOpenFile(ObjectFindings& result, const std::string& path, const SiteGrowth& site,
                 const GrowthTable& table) {
  const Growth growth{{FindingKind::file, site, false, true}, {}, {}, {}};
  const Judgement judgement = judge(growth, table);
  const bool deleted = path.ends_with(" (deleted)");
  if (judgement.proved && deleted) {
    Finding finding = toFinding(growth, table, judgement);
    finding.detail = path;
    result.findings.push_back(std::move(finding));
  } else if (judgement.pattern != Pattern::flat) {
    Observation observation = toObservation(growth, judgement);
    observation.detail = path;
    result.observations.push_back(std::move(observation));
  }
}

// Whether the file has no disk: its pages are memory, and counted as such.
bool isMemory(const std::string& path) {
  return path.starts_with(kMemfdPrefix) || path.starts_with("/dev/shm/");
}

// Names the file with most of the growth. A segment is not named while other programs make segments, but a
// memfd belongs to the target.
void addMemory(ObjectFindings& result, const std::string& path, const SiteGrowth& site,
               const GrowthTable& table) {
  bool pagesFound = false;
  for (Finding& finding : result.findings) {
    if (finding.kind != FindingKind::sharedMemory || finding.blocks.back() > 0) continue;
    pagesFound = true;
    if (2 * site.bytes.back() > finding.bytes.back()) finding.detail = path;
  }
  if (pagesFound || !path.starts_with(kMemfdPrefix)) return;
  const Growth growth{{FindingKind::sharedMemory, site, false, true}, {}, {}, {}};
  const Judgement judgement = judge(growth, table);
  if (!judgement.proved) return;
  Finding finding = toFinding(growth, table, judgement);
  finding.detail = path;
  result.findings.push_back(std::move(finding));
}

void addOpenFiles(ObjectFindings& result, const RunRecord& record, const GrowthTable& table) {
  std::vector<std::pair<std::string, SiteGrowth>> growing;
  for (const auto& [path, bytes] : record.checkpoints.back().process.openFiles) {
    SiteGrowth growth = fileGrowth(record, path);
    if (growth.bytes.back() >= kNoticedBytes) growing.emplace_back(path, std::move(growth));
  }
  std::stable_sort(growing.begin(), growing.end(), [](const auto& a, const auto& b) {
    return a.second.bytes.back() > b.second.bytes.back();
  });
  if (growing.size() > kMaxGrowingFiles) growing.resize(kMaxGrowingFiles);
  for (const auto& [path, growth] : growing) {
    if (isMemory(path))
      addMemory(result, path, growth, table);
    else
      addOpenFile(result, path, growth, table);
  }
}

}  // namespace

std::span<const FindingKind> objectKinds() { return kObjectKinds; }

ObjectFindings objectFindings(const RunRecord& record, const GrowthTable& table) {
  ObjectFindings result;
  for (const FindingKind kind : kObjectKinds) {
    const bool multiplied = !result.findings.empty() && result.findings.front().kind == FindingKind::process;
    if (!multiplied || !isInherited(kind)) KindFindings(record, kind, table).addTo(result);
  }
  addOpenFiles(result, record, table);
  return result;
}

bool isObjectKind(FindingKind kind) {
  return std::find(kObjectKinds.begin(), kObjectKinds.end(), kind) != kObjectKinds.end();
}

bool isWorthFollowing(const Growth& objects) { return objects.course.beyond && isNoticed(objects.site()); }

bool mayBeOthers(const Growth& objects) {
  return isShared(objects.course.kind) && objects.site().blocks.back() != 0;
}

}  // namespace leakgate
