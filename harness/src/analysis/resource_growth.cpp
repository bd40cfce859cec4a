#include "analysis/resource_growth.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

namespace leakgate {

namespace {

struct KindPair {
  ResourceKind resource;
  FindingKind finding;
};

constexpr std::array<KindPair, 15> kPairs{{
    {ResourceKind::mapping, FindingKind::mapping},
    {ResourceKind::descriptor, FindingKind::descriptor},
    {ResourceKind::thread, FindingKind::thread},
    {ResourceKind::process, FindingKind::process},
    {ResourceKind::zombie, FindingKind::zombie},
    {ResourceKind::sharedMemory, FindingKind::sharedMemory},
    {ResourceKind::semaphore, FindingKind::semaphore},
    {ResourceKind::messageQueue, FindingKind::messageQueue},
    {ResourceKind::posixQueue, FindingKind::messageQueue},
    {ResourceKind::watch, FindingKind::watch},
    {ResourceKind::registration, FindingKind::registration},
    {ResourceKind::timer, FindingKind::timer},
    {ResourceKind::lock, FindingKind::lock},
    {ResourceKind::threadKey, FindingKind::threadKey},
    {ResourceKind::file, FindingKind::file},
}};

struct CallerCourse {
  Series blocks;
  Series bytes;
};

const ObjectAmount* findObjects(const ProcessSample& sample, FindingKind kind) {
  const auto pair =
      std::find_if(kPairs.begin(), kPairs.end(), [&](const KindPair& row) { return row.finding == kind; });
  const auto found = pair == kPairs.end() ? sample.objects.end() : sample.objects.find(pair->resource);
  return found == sample.objects.end() ? nullptr : &found->second;
}

ObjectAmount kernelAmount(const ProcessSample& sample, FindingKind kind) {
  switch (kind) {
    case FindingKind::descriptor:
      return {sample.descriptors, 0};
    case FindingKind::thread:
      return {sample.threads, 0};
    case FindingKind::mapping:
      return {sample.mappings, 0};
    case FindingKind::process:
      return {sample.processes, 0};
    case FindingKind::zombie:
      return {sample.zombies, 0};
    default:
      break;
  }
  const ObjectAmount* const found = findObjects(sample, kind);
  return found != nullptr ? *found : ObjectAmount{};
}

}  // namespace

FindingKind findingKindOf(ResourceKind kind) {
  return std::find_if(kPairs.begin(), kPairs.end(), [&](const KindPair& row) { return row.resource == kind; })
      ->finding;
}

bool kernelLists(const ProcessSample& sample, FindingKind kind) {
  return findObjects(sample, kind) != nullptr;
}

FindingKind placeKindOf(FindingKind kind) {
  return kind == FindingKind::zombie ? FindingKind::process : kind;
}

std::vector<ResourceGrowth> resourceGrowths(const RunRecord& record) {
  const std::size_t count = record.checkpoints.size();
  std::map<std::pair<FindingKind, CodeLocation>, CallerCourse> courses;
  for (std::size_t k = 0; k < count; ++k) {
    for (const auto& row : record.checkpoints[k].memory.resources) {
      CallerCourse& course = courses[{findingKindOf(row.kind), row.caller}];
      course.blocks.resize(count);
      course.bytes.resize(count);
      course.blocks[k] += static_cast<std::int64_t>(row.opened - row.closed);
      course.bytes[k] += static_cast<std::int64_t>(row.openedBytes - row.closedBytes);
    }
  }
  std::vector<ResourceGrowth> growths;
  for (auto& [key, course] : courses) {
    ResourceGrowth growth;
    growth.kind = key.first;
    growth.site.caller = key.second;
    growth.site.liveBlocks = course.blocks.back();
    growth.site.liveBytes = course.bytes.back();
    aboveWarm(course.blocks);
    aboveWarm(course.bytes);
    growth.site.blocks = std::move(course.blocks);
    growth.site.bytes = std::move(course.bytes);
    growths.push_back(std::move(growth));
  }
  return growths;
}

SiteGrowth kernelGrowth(const RunRecord& record, FindingKind kind) {
  SiteGrowth growth;
  for (const auto& checkpoint : record.checkpoints) {
    const ObjectAmount amount = kernelAmount(checkpoint.process, kind);
    growth.blocks.push_back(static_cast<std::int64_t>(amount.count));
    growth.bytes.push_back(static_cast<std::int64_t>(amount.bytes));
  }
  growth.liveBlocks = growth.blocks.back();
  growth.liveBytes = growth.bytes.back();
  growth.allocations = record.checkpoints.back().requests;  // an upper bound: bytes come in pages
  aboveWarm(growth.blocks);
  aboveWarm(growth.bytes);
  return growth;
}

namespace {

using ProcessKey = std::pair<std::int64_t, std::uint64_t>;

// The processes that are in every checkpoint.
std::set<ProcessKey> lastingProcesses(const RunRecord& record) {
  std::map<ProcessKey, std::size_t> seen;
  for (const auto& checkpoint : record.checkpoints)
    for (const auto& row : checkpoint.process.rows) ++seen[{row.pid, row.startTicks}];
  std::set<ProcessKey> lasting;
  for (const auto& [key, times] : seen)
    if (times == record.checkpoints.size()) lasting.insert(key);
  return lasting;
}

}  // namespace

SiteGrowth lastingGrowth(const RunRecord& record, FindingKind kind) {
  const auto lasting = lastingProcesses(record);
  SiteGrowth growth;
  for (const auto& checkpoint : record.checkpoints) {
    std::uint64_t count = 0;
    for (const auto& row : checkpoint.process.rows) {
      if (!lasting.contains({row.pid, row.startTicks})) continue;
      count += kind == FindingKind::descriptor ? row.descriptors
               : kind == FindingKind::thread   ? row.threads
                                               : row.mappings;
    }
    growth.blocks.push_back(static_cast<std::int64_t>(count));
    growth.bytes.push_back(0);
  }
  aboveWarm(growth.blocks);
  return growth;
}

SiteGrowth without(SiteGrowth all, const SiteGrowth& part) {
  for (std::size_t k = 0; k < all.blocks.size(); ++k) all.blocks[k] -= part.blocks[k];
  for (std::size_t k = 0; k < all.bytes.size(); ++k) all.bytes[k] -= part.bytes[k];
  return all;
}

}  // namespace leakgate
