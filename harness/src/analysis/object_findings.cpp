#include "analysis/object_findings.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "analysis/resource_growth.hpp"

namespace leakgate {

namespace {

constexpr std::array kObjectKinds{
    FindingKind::process,      FindingKind::zombie,    FindingKind::sharedMemory, FindingKind::semaphore,
    FindingKind::messageQueue, FindingKind::watch,     FindingKind::registration, FindingKind::timer,
    FindingKind::lock,         FindingKind::threadKey, FindingKind::file};

// Less of a change is no news: a helper process more, a lock that was just held.
constexpr std::int64_t kNoticedObjects = 8;
constexpr std::int64_t kNoticedBytes = 64 << 10;

// A place's course and the kernel's may differ by what was in flight at a checkpoint.
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

std::vector<SiteGrowth> risingPlaces(const RunRecord& record, FindingKind kind) {
  std::vector<SiteGrowth> places;
  for (auto& growth : resourceGrowths(record)) {
    if (growth.kind == placeKindOf(kind) && growth.site.blocks.back() > 0)
      places.push_back(std::move(growth.site));
  }
  std::stable_sort(places.begin(), places.end(), [](const SiteGrowth& a, const SiteGrowth& b) {
    return a.blocks.back() > b.blocks.back();
  });
  return places;
}

// Other programs make such objects too, and the kernel does not keep who made them: without a place only
// exact proportion to the work is evidence.
bool isShared(FindingKind kind) {
  return kind == FindingKind::sharedMemory || kind == FindingKind::semaphore ||
         kind == FindingKind::messageQueue || kind == FindingKind::file;
}

// Where the kernel lists nothing the places are all that is known.
bool isCountedByKernel(const RunRecord& record, FindingKind kind) {
  if (kind == FindingKind::process || kind == FindingKind::zombie) return true;
  return kernelLists(record.checkpoints.back().process, kind);
}

// The number of threads rises with that of processes: it explains nothing here.
Drivers driversForObjects(Drivers drivers) {
  std::erase_if(drivers, [](const Driver& driver) { return driver.follows == Follows::thread; });
  return drivers;
}

class KindFindings {
 public:
  KindFindings(const RunRecord& record, FindingKind kind, const Drivers& drivers)
      : kind_(kind),
        byKernel_(isCountedByKernel(record, kind)),
        drivers_(drivers),
        rest_(kernelGrowth(record, kind)),
        places_(risingPlaces(record, kind)) {}

  void addTo(ObjectFindings& result) {
    for (const auto& place : places_) addPlace(result, place);
    const bool onlyBytes = std::abs(rest_.blocks.back()) < kNoticedObjects;
    if (isNoticed(rest_) && !(placeFound_ && onlyBytes)) addRest(result);
  }

 private:
  void addPlace(ObjectFindings& result, SiteGrowth place) {
    if (byKernel_ && !isWithin(place, rest_)) return;
    const SiteJudgement judgement = judgeSite(place, drivers_);
    if (!judgement.proved) return;
    // Of a name in /dev/shm the shim does not see how many pages it gets.
    const bool all = std::abs(place.blocks.back() - rest_.blocks.back()) <= kSlack;
    if (all && place.bytes.back() == 0) place.bytes = rest_.bytes;
    placeFound_ = true;
    result.findings.push_back(findingOf(kind_, place, judgement, drivers_));
    if (byKernel_) rest_ = without(std::move(rest_), place);
  }

  // Where one place alone rises by at least as much, that is where it comes from.
  void addRest(ObjectFindings& result) {
    const SiteJudgement judgement = judgeSite(rest_, drivers_);
    if (places_.size() == 1 && places_.front().blocks.back() + kSlack >= rest_.blocks.back() &&
        rest_.blocks.back() > 0)
      rest_.caller = places_.front().caller;
    const bool exact = judgement.cause && judgement.cause->exact;
    if (isShared(kind_) && !exact && rest_.blocks.back() != 0) return;
    if (judgement.proved)
      result.findings.push_back(findingOf(kind_, rest_, judgement, drivers_));
    else if (judgement.pattern != Pattern::flat)
      result.observations.push_back(observationOf(kind_, rest_, judgement));
  }

  FindingKind kind_;
  bool byKernel_;
  const Drivers& drivers_;
  SiteGrowth rest_;  ///< of the kernel's count, without what places explain
  std::vector<SiteGrowth> places_;
  bool placeFound_ = false;
};

constexpr std::size_t kMaxGrowingFiles = 5;

// Bytes of a file that was held open at the last checkpoint.
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

// A log that grows with the requests is what servers do: observed. The space of a deleted file is lost until
// it is closed: found.
void addOpenFile(ObjectFindings& result, const std::string& path, const SiteGrowth& growth,
                 const Drivers& drivers) {
  const SiteJudgement judgement = judgeSite(growth, drivers);
  const bool deleted = path.ends_with(" (deleted)");
  if (judgement.proved && deleted) {
    Finding finding = findingOf(FindingKind::file, growth, judgement, drivers);
    finding.detail = path;
    result.findings.push_back(std::move(finding));
  } else if (judgement.pattern != Pattern::flat) {
    Observation observation = observationOf(FindingKind::file, growth, judgement);
    observation.detail = path;
    result.observations.push_back(std::move(observation));
  }
}

// Pages without a disk: memory, and counted as such.
bool isMemory(const std::string& path) {
  return path.starts_with("/memfd:") || path.starts_with("/dev/shm/");
}

// Names the one that has grown by most of it.
void nameMemory(ObjectFindings& result, const std::string& path, const SiteGrowth& growth) {
  for (Finding& finding : result.findings) {
    const bool pages = finding.kind == FindingKind::sharedMemory && finding.blocks.back() <= 0;
    if (pages && 2 * growth.bytes.back() > finding.bytes.back()) finding.detail = path;
  }
}

void addOpenFiles(ObjectFindings& result, const RunRecord& record, const Drivers& drivers) {
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
      nameMemory(result, path, growth);
    else
      addOpenFile(result, path, growth, drivers);
  }
}

}  // namespace

ObjectFindings objectFindings(const RunRecord& record, const Drivers& allDrivers) {
  const Drivers drivers = driversForObjects(allDrivers);
  ObjectFindings result;
  for (const FindingKind kind : kObjectKinds) KindFindings(record, kind, drivers).addTo(result);
  addOpenFiles(result, record, drivers);
  return result;
}

bool objectsUndecided(const RunRecord& record, const Drivers& drivers) {
  return std::any_of(kObjectKinds.begin(), kObjectKinds.end(), [&](FindingKind kind) {
    const SiteGrowth growth = kernelGrowth(record, kind);
    const bool countedForAll = isShared(kind) && growth.blocks.back() != 0;
    return !countedForAll && isNoticed(growth) && siteUndecided(growth, drivers);
  });
}

}  // namespace leakgate
