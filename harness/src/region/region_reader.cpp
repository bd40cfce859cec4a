#include "region/region_reader.hpp"

#include <algorithm>
#include <tuple>

#include "region/call_stacks.hpp"
#include "region/process_file.hpp"
#include "region/target_process.hpp"

namespace leakgate {
namespace {

namespace fs = std::filesystem;

constexpr int kMaxReadings = 8;

void add(MemoryTotals& sum, const MemoryTotals& part) {
  sum.allocations += part.allocations;
  sum.frees += part.frees;
  sum.allocatedBytes += part.allocatedBytes;
  sum.freedBytes += part.freedBytes;
}

using SiteOrder = std::tuple<CodeLocation, std::uint32_t, std::string, std::uint64_t, std::uint32_t>;
using ScopesByName = std::map<std::string, ScopeTotals>;
using RowsBySite = std::map<SiteOrder, SiteRow>;

bool isZero(const layout::Counter& counter) {
  return (counter.allocations | counter.frees | counter.allocatedBytes | counter.freedBytes) == 0;
}

std::string scopeName(const RegionFile& file, std::size_t scope) {
  return scope < file.scopes().size() ? file.scopes()[scope] : std::string();
}

void addToScope(ScopesByName& scopes, const std::string& name, const layout::Counter& counter) {
  ScopeTotals& sum = scopes[name];
  sum.scope = name;
  sum.allocations += counter.allocations;
  sum.allocatedBytes += counter.allocatedBytes;
}

// Every allocation is in one scope's own counter or at one site. A scope that was entered without an
// allocation is listed with 0: which scopes are entered does not depend on timing, but which of them meet the
// first use of a pool does.
void addScopes(ScopesByName& scopes, const RegionFile& file, const RegionSample& sample) {
  for (std::size_t scope = 1; scope < file.scopes().size(); ++scope)
    addToScope(scopes, scopeName(file, scope), layout::Counter{});
  for (std::size_t scope = 0; scope < layout::kScopeCapacity; ++scope) {
    const layout::Counter& counter = sample.sums[layout::kFirstScopeId + scope];
    if (!isZero(counter)) addToScope(scopes, scopeName(file, scope), counter);
  }
  for (std::size_t id = layout::kFirstSiteId; id < sample.sums.size(); ++id) {
    const layout::SiteKey& key = file.sites()[id - layout::kFirstSiteId];
    if (!isZero(sample.sums[id])) addToScope(scopes, scopeName(file, key.scope), sample.sums[id]);
  }
}

void addRow(RowsBySite& rows, SiteRow place, const layout::Counter& counter) {
  SiteOrder order{place.caller, place.stack, place.scope, place.sizeClassBytes, place.epoch};
  SiteRow& row = rows.try_emplace(std::move(order), std::move(place)).first->second;
  row.allocations += counter.allocations;
  row.frees += counter.frees;
  row.allocatedBytes += counter.allocatedBytes;
  row.freedBytes += counter.freedBytes;
}

// The caller, and the stack where there is one.
template <class Row>
void setPlace(Row& row, TargetProcess& process, std::uint64_t caller, CallStacks& stacks) {
  if ((caller & layout::kStackBit) == 0) {
    row.caller = process.locate(caller);
    return;
  }
  row.stack = process.stackNumber(caller & ~layout::kStackBit, stacks);
  if (row.stack != 0) row.caller = stacks.callerOf(row.stack);
}

void addRows(RowsBySite& rows, TargetProcess& process, CallStacks& stacks) {
  const RegionSample& sample = process.sample;
  for (std::size_t id = layout::kFirstSiteId; id < sample.sums.size(); ++id) {
    if (isZero(sample.sums[id])) continue;
    const layout::SiteKey& key = process.file().sites()[id - layout::kFirstSiteId];
    SiteRow place;
    setPlace(place, process, key.caller, stacks);
    place.scope = scopeName(process.file(), key.scope);
    place.sizeClassBytes = layout::sizeClassLimit(key.sizeClass);
    place.epoch = key.epoch;
    addRow(rows, std::move(place), sample.sums[id]);
  }
}

using RowsByResource = std::map<std::tuple<ResourceKind, CodeLocation, std::uint32_t>, ResourceRow>;

ResourceKind kindOf(const layout::ResourceSite& site) {
  switch (site.kind) {
    case layout::kResourceDescriptor:
      return ResourceKind::descriptor;
    case layout::kResourceThread:
      return ResourceKind::thread;
    case layout::kResourceProcess:
      return ResourceKind::process;
    case layout::kResourceWatch:
      return ResourceKind::watch;
    case layout::kResourceTimer:
      return ResourceKind::timer;
    case layout::kResourceSharedMemory:
      return ResourceKind::sharedMemory;
    case layout::kResourceSemaphore:
      return ResourceKind::semaphore;
    case layout::kResourceMessageQueue:
      return ResourceKind::messageQueue;
    case layout::kResourcePosixQueue:
      return ResourceKind::posixQueue;
    case layout::kResourceRegistration:
      return ResourceKind::registration;
    case layout::kResourceLock:
      return ResourceKind::lock;
    case layout::kResourceThreadKey:
      return ResourceKind::threadKey;
    case layout::kResourceFile:
      return ResourceKind::file;
    default:
      return ResourceKind::mapping;
  }
}

// Whether a resource outlives its process.
bool outlivesProcess(ResourceKind kind) {
  return kind == ResourceKind::process || kind == ResourceKind::sharedMemory ||
         kind == ResourceKind::semaphore || kind == ResourceKind::messageQueue ||
         kind == ResourceKind::posixQueue || kind == ResourceKind::file;
}

bool isOfAnyKind(ResourceKind) { return true; }

void addResources(RowsByResource& rows, TargetProcess& process, const RegionSample& sample,
                  CallStacks& stacks, bool (*counts)(ResourceKind)) {
  for (const layout::ResourceSite& site : sample.resources) {
    if ((site.opened | site.closed) == 0) continue;
    ResourceRow place;
    place.kind = kindOf(site);
    if (!counts(place.kind)) continue;
    setPlace(place, process, site.caller, stacks);
    ResourceRow& row = rows.try_emplace({place.kind, place.caller, place.stack}, place).first->second;
    row.opened += site.opened;
    row.closed += site.closed;
    row.openedBytes += site.openedBytes;
    row.closedBytes += site.closedBytes;
  }
}

// Allocations that did not fit into the site table.
std::uint64_t foldedAllocations(const RegionFile& file, const RegionSample& sample) {
  if (file.header().depth == layout::kDepthCount) return 0;
  std::uint64_t sum = 0;
  for (std::size_t scope = 0; scope < layout::kScopeCapacity; ++scope) {
    sum += sample.sums[layout::kFirstScopeId + scope].allocations;
  }
  return sum;
}

}  // namespace

/// What ended processes contribute to the sums.
struct RegionReader::Ended {
  MemoryTotals totals;
  ScopesByName scopes;
  ShimAudit audit;
  RowsByResource resources;  ///< of what outlives a process

  void add(TargetProcess& process, CallStacks& stacks);
};

namespace {

void addToAudit(ShimAudit& audit, const RegionFile& file, const RegionSample& sample) {
  audit.eventsDropped += sample.eventsDropped;
  audit.resourcesFolded += sample.resourcesFolded;
  audit.stacksFolded += sample.stacksFolded;
  audit.stacksMissed += sample.stacksMissed;
  audit.foreignFrees += sample.sums[layout::kForeignId].frees;
  audit.sitesFolded += foldedAllocations(file, sample);
  audit.threadsSeen += static_cast<unsigned>(sample.threadsSeen);
}

}  // namespace

// Its memory went back to the kernel: live blocks count as freed.
void RegionReader::Ended::add(TargetProcess& process, CallStacks& stacks) {
  const RegionSample last = process.file().sample();
  MemoryTotals sums = last.totals();
  sums.frees = sums.allocations;
  sums.freedBytes = sums.allocatedBytes;
  leakgate::add(totals, sums);
  addScopes(scopes, process.file(), last);
  addResources(resources, process, last, stacks, outlivesProcess);
  addToAudit(audit, process.file(), last);
}

RegionReader::RegionReader(fs::path directory)
    : directory_(std::move(directory)),
      ended_(std::make_unique<Ended>()),
      stacks_(std::make_shared<CallStacks>()) {}

RegionReader::~RegionReader() = default;

void RegionReader::findProcesses() {
  for (const fs::directory_entry& entry : fs::directory_iterator(directory_)) {
    if (entry.path().extension() != ".region" || processes_.contains(entry.path().filename())) continue;
    processes_.emplace(entry.path().filename(), std::make_unique<TargetProcess>(entry.path()));
  }
}

void RegionReader::dropEnded() {
  std::map<pid_t, std::uint64_t> newest;
  for (const auto& [name, process] : processes_) {
    std::uint64_t& created = newest[process->pid()];
    created = std::max(created, process->createdNs());
  }
  std::vector<std::string> names;
  for (const auto& [name, process] : processes_) {
    const bool replaced = process->createdNs() < newest.at(process->pid());
    if (replaced || !process->isAlive()) names.push_back(name);
  }
  for (const std::string& name : names) {
    ended_->add(*processes_.at(name), *stacks_);
    processes_.erase(name);
    fs::remove(directory_ / name);
  }
}

bool RegionReader::sample() {
  const std::size_t before = processes_.size();
  findProcesses();
  bool same = processes_.size() == before;
  const std::size_t found = processes_.size();
  dropEnded();
  same = same && processes_.size() == found;
  for (const auto& [name, process] : processes_) {
    RegionSample reading = process->file().sample();
    same = same && reading == process->sample;
    process->sample = std::move(reading);
  }
  return same;
}

MemoryTotals RegionReader::totals() {
  sample();
  MemoryTotals sums = ended_->totals;
  for (const auto& [name, process] : processes_) add(sums, process->sample.totals());
  return sums;
}

MemorySnapshot RegionReader::read() {
  sample();
  MemorySnapshot snapshot;
  for (int i = 1; i < kMaxReadings && !snapshot.consistent; ++i) snapshot.consistent = sample();
  snapshot.totals = ended_->totals;
  snapshot.audit = ended_->audit;
  snapshot.stacks = stacks_;
  snapshot.audit.layoutVersion = layout::kLayoutVersion;
  snapshot.audit.processes = static_cast<unsigned>(processes_.size());
  ScopesByName scopes = ended_->scopes;
  RowsBySite rows;
  RowsByResource resources = ended_->resources;
  for (const auto& [name, process] : processes_) {
    add(snapshot.totals, process->sample.totals());
    addScopes(scopes, process->file(), process->sample);
    addRows(rows, *process, *stacks_);
    addResources(resources, *process, process->sample, *stacks_, isOfAnyKind);
    addToAudit(snapshot.audit, process->file(), process->sample);
    const std::uint64_t privateBytes = process->privateBytes();
    snapshot.audit.regionBytes += process->regionBytes() + privateBytes;
    snapshot.audit.privateBytes += privateBytes;
  }
  for (auto& [name, sum] : scopes) snapshot.scopes.push_back(std::move(sum));
  for (auto& [order, row] : rows) snapshot.sites.push_back(std::move(row));
  for (auto& [order, row] : resources) snapshot.resources.push_back(std::move(row));
  return snapshot;
}

const TargetProcess* RegionReader::findProcess(pid_t pid) const {
  for (const auto& [name, process] : processes_) {
    if (process->pid() == pid) return process.get();
  }
  return nullptr;
}

void RegionReader::addInherited(ShimAudit& audit, const std::set<pid_t>& running) const {
  const std::string control = (directory_ / "control").string();
  for (const pid_t pid : running) {
    if (findProcess(pid) != nullptr) continue;
    const TargetProcess* maker = nullptr;
    for (pid_t at = parentOf(pid); at > 1 && maker == nullptr; at = parentOf(at)) maker = findProcess(at);
    // After an exec the child has no tables.
    if (maker == nullptr || processFile(pid, "maps").find(control) == std::string::npos) continue;
    const std::uint64_t bytes = maker->privateBytesIn(pid);
    audit.regionBytes += bytes;
    audit.privateBytes += bytes;
  }
}

std::vector<pid_t> RegionReader::livePids() {
  findProcesses();
  dropEnded();
  std::vector<pid_t> pids;
  for (const auto& [name, process] : processes_) pids.push_back(process->pid());
  return pids;
}

}  // namespace leakgate
