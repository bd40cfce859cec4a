#include "analysis/brought_along.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "analysis/finding_kind.hpp"

namespace leakgate {

namespace {

// Tolerance, as a share of a finding's growth: connections open and close meanwhile.
constexpr double kSameShare = 0.1;

struct TypeGrowth {
  std::string type;
  std::int64_t count = 0;
};

bool isNear(std::int64_t a, std::int64_t b) {
  return std::abs(static_cast<double>(a - b)) <= kSameShare * static_cast<double>(std::max(a, b));
}

// The type of descriptor whose number rose by about as much.
TypeGrowth typeOf(const Finding& finding, const RunRecord& record) {
  const auto& before = record.checkpoints.front().process.descriptorTypes;
  TypeGrowth best;
  for (const auto& [type, count] : record.checkpoints.back().process.descriptorTypes) {
    const auto found = before.find(type);
    const std::int64_t rise = static_cast<std::int64_t>(count) -
                              static_cast<std::int64_t>(found == before.end() ? 0 : found->second);
    if (rise > best.count && isNear(rise, finding.blocks.back())) best = {type, rise};
  }
  return best;
}

bool sameEvents(const Finding& a, const Finding& b) { return a.follows == b.follows && a.step == b.step; }

// Whether `other` grows with the descriptors of a finding.
bool comesWith(const Finding& other, const Finding& descriptors, const std::string& type) {
  if (!sameEvents(other, descriptors)) return false;
  switch (other.kind) {
    case FindingKind::registration:
    case FindingKind::lock:
      return other.blocks.back() <= 2 * descriptors.blocks.back();
    case FindingKind::sharedMemory:
      return other.blocks.back() <= 0 && type.starts_with("memfd");
    case FindingKind::watch:
      return type == "inotify" || type == "fanotify";
    case FindingKind::process:
    case FindingKind::zombie:
      return type == "pipe" && other.caller.module.empty() &&
             isNear(other.blocks.back(), descriptors.blocks.back());
    default:
      return false;
  }
}

std::string amountWith(const Finding& other, const Finding& descriptors) {
  const auto each = static_cast<double>(descriptors.blocks.back());
  if (other.blocks.back() <= 0)
    return fmt::format("{:+.4g} B of memory", static_cast<double>(other.bytes.back()) / each);
  return fmt::format("{:+.3f} {}", static_cast<double>(other.blocks.back()) / each,
                     traitsOf(other.kind).unit);
}

// The kernel's count and the heap's may differ by a thread that was starting or ending.
constexpr std::int64_t kThreadsOnTheirWay = 2;

// The vector of thread-local memory, one block per thread, which the dynamic loader allocates for
// pthread_create().
bool isMadeWithThreads(const Finding& heap, const Finding& threads) {
  if (heap.kind != FindingKind::heap || heap.blocks.back() <= 0) return false;
  const std::string_view module = heap.caller.module;
  const std::string_view file = module.substr(module.rfind('/') + 1);
  return file.starts_with("ld-") &&
         std::abs(heap.blocks.back() - threads.blocks.back()) <= kThreadsOnTheirWay;
}

std::string blocksText(const Finding& heap) {
  return fmt::format("each with a heap block of {:.0f} B, which pthread_create allocates in {}",
                     static_cast<double>(heap.bytes.back()) / static_cast<double>(heap.blocks.back()),
                     heap.caller.module);
}

}  // namespace

void foldBroughtAlong(std::vector<Finding>& findings, const RunRecord& record) {
  std::vector<const Finding*> folded;
  for (Finding& finding : findings) {
    if (finding.kind != FindingKind::thread) continue;
    for (const Finding& other : findings) {
      if (!isMadeWithThreads(other, finding)) continue;
      finding.evidence.push_back(blocksText(other));
      folded.push_back(&other);
    }
  }
  for (Finding& finding : findings) {
    if (finding.kind != FindingKind::descriptor || finding.blocks.back() <= 0) continue;
    const TypeGrowth type = typeOf(finding, record);
    if (type.count > 0) finding.detail = fmt::format("{} more of the kind: {}", type.count, type.type);
    for (const Finding& other : findings) {
      if (!comesWith(other, finding, type.type)) continue;
      finding.detail += (finding.detail.empty() ? "each with " : "; each with ") + amountWith(other, finding);
      folded.push_back(&other);
    }
  }
  std::vector<Finding> kept;
  for (Finding& finding : findings) {
    if (std::find(folded.begin(), folded.end(), &finding) == folded.end()) kept.push_back(std::move(finding));
  }
  findings = std::move(kept);
}

}  // namespace leakgate
