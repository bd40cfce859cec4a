#include "analysis/resource_growth.hpp"

#include <map>
#include <utility>

namespace leakgate {

FindingKind findingKindOf(ResourceKind kind) {
  switch (kind) {
    case ResourceKind::descriptor:
      return FindingKind::descriptor;
    case ResourceKind::thread:
      return FindingKind::thread;
    case ResourceKind::mapping:
      break;
  }
  return FindingKind::mapping;
}

namespace {

struct Course {
  Series blocks;
  Series bytes;
};

std::uint64_t kernelCount(const ProcessSample& sample, FindingKind kind) {
  if (kind == FindingKind::descriptor) return sample.descriptors;
  return kind == FindingKind::thread ? sample.threads : sample.mappings;
}

}  // namespace

std::vector<ResourceGrowth> resourceGrowths(const RunRecord& record) {
  const std::size_t count = record.checkpoints.size();
  std::map<std::pair<FindingKind, CodeLocation>, Course> courses;
  for (std::size_t k = 0; k < count; ++k) {
    for (const auto& row : record.checkpoints[k].memory.resources) {
      Course& course = courses[{findingKindOf(row.kind), row.caller}];
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
  const std::uint64_t warm = kernelCount(record.checkpoints.front().process, kind);
  for (const auto& checkpoint : record.checkpoints) {
    growth.blocks.push_back(static_cast<std::int64_t>(kernelCount(checkpoint.process, kind) - warm));
    growth.bytes.push_back(0);
  }
  return growth;
}

SiteGrowth without(SiteGrowth all, const SiteGrowth& part) {
  for (std::size_t k = 0; k < all.blocks.size(); ++k) all.blocks[k] -= part.blocks[k];
  return all;
}

}  // namespace leakgate
