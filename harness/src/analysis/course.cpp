#include "analysis/course.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

#include "analysis/managed_course.hpp"
#include "analysis/object_findings.hpp"
#include "analysis/resource_growth.hpp"

namespace leakgate {

namespace {

using Key = std::tuple<FindingKind, CodeLocation, std::string, bool, bool>;

Key keyOf(const Course& course) {
  return {course.kind, course.site.caller, course.site.scope, course.total, course.beyond};
}

using ReadingsOf = Readings Growth::*;

Course resource(FindingKind kind, SiteGrowth site, bool beyond) {
  return {kind, std::move(site), false, beyond};
}

// All quantities of a record. Kinds added here go through every rule.
std::vector<Course> coursesOf(const RunRecord& record, std::vector<SiteGrowth> sites) {
  std::vector<Course> courses;
  if (record.depth != Depth::none) {
    for (auto& site : sites) courses.push_back({FindingKind::heap, std::move(site), false, false});
    courses.push_back({FindingKind::heap, totalGrowth(record), true, false});
  }
  const auto resources = resourceGrowths(record);
  for (const FindingKind kind : {FindingKind::descriptor, FindingKind::thread, FindingKind::mapping}) {
    SiteGrowth rest = kernelGrowth(record, kind);
    for (const auto& growth : resources) {
      if (growth.kind != kind) continue;
      rest = without(std::move(rest), growth.site);
      courses.push_back(resource(kind, growth.site, false));
    }
    courses.push_back(resource(kind, std::move(rest), true));
  }
  for (const auto& growth : resources) {
    if (isObjectKind(growth.kind)) courses.push_back(resource(growth.kind, growth.site, false));
  }
  for (const FindingKind kind : objectKinds())
    courses.push_back(resource(kind, kernelGrowth(record, kind), true));
  for (Course& heap : managedCourses(record)) courses.push_back(std::move(heap));
  return courses;
}

// A record of chosen readings, "warm" first, so that growth can be computed as from any record.
RunRecord partOf(const RunRecord& record, const std::vector<const Checkpoint*>& chosen) {
  RunRecord part;
  part.scenario = record.scenario;
  part.depth = record.depth;
  part.checkpoints.push_back(record.checkpoints.front());
  for (const Checkpoint* checkpoint : chosen) part.checkpoints.push_back(*checkpoint);
  return part;
}

std::vector<const Checkpoint*> pointersTo(const std::vector<Checkpoint>& readings) {
  std::vector<const Checkpoint*> pointers;
  pointers.reserve(readings.size());
  for (const Checkpoint& reading : readings) pointers.push_back(&reading);
  return pointers;
}

void addPart(GrowthTable& table, const RunRecord& record, const std::vector<const Checkpoint*>& chosen,
             ReadingsOf readings) {
  if (chosen.empty()) return;
  std::map<Key, SiteGrowth> byKey;
  const RunRecord part = partOf(record, chosen);
  for (Course& course : coursesOf(part, siteGrowths(part))) byKey[keyOf(course)] = std::move(course.site);
  for (Growth& growth : table.growths) {
    Readings& read = growth.*readings;
    const auto found = byKey.find(keyOf(growth.course));
    if (found == byKey.end()) {
      read.blocks.assign(chosen.size(), 0);
      read.bytes.assign(chosen.size(), 0);
      continue;
    }
    read.blocks.assign(found->second.blocks.begin() + 1, found->second.blocks.end());
    read.bytes.assign(found->second.bytes.begin() + 1, found->second.bytes.end());
  }
}

double secondsBetween(const Checkpoint& from, const Checkpoint& to) {
  return static_cast<double>(static_cast<std::int64_t>(to.atNs - from.atNs)) / 1e9;
}

void addIdle(GrowthTable& table, const RunRecord& record) {
  if (record.idle.empty()) return;
  auto chosen = pointersTo(record.idle);
  chosen.insert(chosen.begin(), &record.checkpoints.back());
  addPart(table, record, chosen, &Growth::idle);
  for (const Checkpoint* reading : chosen)
    table.idleSeconds.push_back(secondsBetween(record.checkpoints.back(), *reading));
  for (Growth& growth : table.growths) {
    if (growth.isManaged()) steadyIdleHeap(growth);
  }
}

// Heaps that were not collected at every checkpoint cannot be compared.
void dropUnmeasuredHeaps(GrowthTable& table, const RunRecord& record) {
  for (const auto& [runtime, heap] : record.checkpoints.front().heaps) {
    if (collectedThroughout(record, runtime)) continue;
    std::erase_if(table.growths, [name = traitsOf(runtime).heap](const Growth& growth) {
      return growth.isManaged() && growth.site().scope == name;
    });
  }
}

void addRests(GrowthTable& table, const RunRecord& record) {
  if (record.rests.empty() || !record.start) return;
  auto chosen = pointersTo(record.rests);
  chosen.insert(chosen.begin(), &*record.start);
  addPart(table, record, chosen, &Growth::rests);
  RunRecord part = partOf(record, chosen);
  part.checkpoints.erase(part.checkpoints.begin());
  table.restDrivers = driversOf(part);
}

}  // namespace

GrowthTable growthTableOf(const RunRecord& record) { return growthTableOf(record, siteGrowths(record)); }

GrowthTable growthTableOf(const RunRecord& record, std::vector<SiteGrowth> sites) {
  GrowthTable table;
  for (Course& course : coursesOf(record, std::move(sites)))
    table.growths.push_back({std::move(course), {}, {}, {}});
  dropUnmeasuredHeaps(table, record);
  table.drivers = driversOf(record);
  table.workSeconds = secondsBetween(record.checkpoints.front(), record.checkpoints.back());
  addPart(table, record, pointersTo(record.samples), &Growth::samples);
  for (const Checkpoint& sample : record.samples)
    table.sampleWork.push_back(static_cast<double>(sample.requests));
  addIdle(table, record);
  addRests(table, record);
  return table;
}

namespace {

void subtract(Series& all, const Series& part) {
  for (std::size_t k = 0; k < std::min(all.size(), part.size()); ++k) all[k] -= part[k];
}

}  // namespace

Growth without(Growth all, const Growth& part) {
  all.site() = without(std::move(all.site()), part.site());
  for (const auto readings : {&Growth::samples, &Growth::idle, &Growth::rests}) {
    subtract((all.*readings).blocks, (part.*readings).blocks);
    subtract((all.*readings).bytes, (part.*readings).bytes);
  }
  return all;
}

}  // namespace leakgate
