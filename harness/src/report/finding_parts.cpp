#include "report/finding_parts.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "analysis/growth_finding.hpp"
#include "analysis/work_judgement.hpp"
#include "report/build_report.hpp"
#include "symbols/blame.hpp"

namespace leakgate {

namespace {

// If the lines together grow by more than this times the site's growth, one of them stops later.
constexpr double kTolerance = 1.25;

bool samePlace(const Place& a, const Place& b) {
  return a.function == b.function && a.file == b.file && a.line == b.line && a.module == b.module;
}

// The address of a place without a name.
std::uint64_t addressOf(const StackGroup& group) {
  const auto& frames = group.stacks.front().frames;
  return frames.empty() ? 0 : frames[frameToBlame(frames)].offset;
}

bool sameGroup(const StackGroup& a, const StackGroup& b) {
  const bool named = !a.place.function.empty() || !a.place.file.empty();
  return samePlace(a.place, b.place) && (named || addressOf(a) == addressOf(b));
}

void add(Series& into, const Series& other) {
  into.resize(std::max(into.size(), other.size()));
  for (std::size_t k = 0; k < other.size(); ++k) into[k] += other[k];
}

void add(StackGroup& into, StackGroup other) {
  add(into.blocks, other.blocks);
  add(into.bytes, other.bytes);
  std::move(other.stacks.begin(), other.stacks.end(), std::back_inserter(into.stacks));
}

// Whether stacks are compared by bytes, not blocks.
bool byBytes(const std::vector<StackGroup>& groups) {
  return std::any_of(groups.begin(), groups.end(),
                     [](const StackGroup& group) { return group.bytes.back() > 0; });
}

double amountOf(const Series& blocks, const Series& bytes, bool inBytes) {
  return static_cast<double>(std::max<std::int64_t>(0, inBytes ? bytes.back() : blocks.back()));
}

// A group by itself, to be judged like a site.
Growth growthOf(const NamedFinding& whole, const StackGroup& group, std::uint64_t requests) {
  Growth growth;
  growth.course.kind = whole.growth.kind;
  SiteGrowth& site = growth.site();
  site.caller = whole.growth.caller;
  site.scope = whole.growth.scope;
  site.blocks = group.blocks;
  site.bytes = group.bytes;
  site.allocations = requests;
  return growth;
}

GrowthTable tableOf(const RunRecord& record, FindingKind kind) {
  GrowthTable table;
  table.drivers = driversOf(record);
  if (kind != FindingKind::heap) dropThreads(table.drivers);
  return table;
}

// The site's own cause, over the unwound run.
void followSite(Finding& part, const Finding& site, const GrowthTable& table) {
  const auto same = std::find_if(table.drivers.begin(), table.drivers.end(), [&](const Driver& driver) {
    return driver.follows == site.follows && driver.step == site.step;
  });
  if (same == table.drivers.end()) return;
  part.follows = same->follows;
  part.step = same->step;
  part.checkpoints = same->work;
  part.events = same->work.back();
  part.blocksPerEvent = perEvent(part.blocks, same->work);
  part.bytesPerEvent = perEvent(part.bytes, same->work);
}

Finding provedPart(const Finding& site, const Growth& growth, const Judgement& judgement,
                   const GrowthTable& table) {
  Finding part = toFinding(growth, table, judgement);
  if (!judgement.cause || !judgement.cause->exact) followSite(part, site, table);
  // Takes from the site how long it continued: the unwound run is shorter.
  if (part.pattern == Pattern::linear) part.pattern = site.pattern;
  part.lookedRequests = site.lookedRequests;
  part.idleSeconds = site.idleSeconds;
  part.detail = site.detail;
  return part;
}

// The unwound run has no idle time: each part gets its share of the rate.
Finding sharedPart(Finding site, double share) {
  for (double* amount :
       {&site.blocksPerEvent, &site.bytesPerEvent, &site.blocksPerSecond, &site.bytesPerSecond})
    *amount *= share;
  for (Series* series : {&site.blocks, &site.bytes}) {
    for (std::int64_t& value : *series)
      value = static_cast<std::int64_t>(std::llround(static_cast<double>(value) * share));
  }
  return site;
}

struct Part {
  Finding growth;
  StackGroup group;
};

std::vector<Part> provedParts(const NamedFinding& whole, const std::vector<StackGroup>& groups,
                              const RunRecord& record) {
  const GrowthTable table = tableOf(record, whole.growth.kind);
  const bool inBytes = byBytes(groups);
  double all = 0;
  for (const StackGroup& group : groups) all += amountOf(group.blocks, group.bytes, inBytes);
  std::vector<Part> parts;
  for (const StackGroup& group : groups) {
    const Growth growth = growthOf(whole, group, record.checkpoints.back().requests);
    const Judgement judgement = judgeWork(growth, table);
    if (!judgement.proved) continue;
    const double share = all > 0 ? amountOf(group.blocks, group.bytes, inBytes) / all : 0;
    const bool byTime = whole.growth.follows == Follows::time;
    parts.push_back(
        {byTime ? sharedPart(whole.growth, share) : provedPart(whole.growth, growth, judgement, table),
         group});
  }
  return parts;
}

// Whether the sum exceeds the site: it includes a line that stopped in the first replay, which is longer.
bool exceedsSite(const std::vector<Part>& parts, const Finding& site, std::uint64_t events) {
  if (site.follows == Follows::time) return false;
  const bool inBlocks = site.blocksPerEvent > 0;
  double sum = 0;
  for (const Part& part : parts)
    sum += static_cast<double>(inBlocks ? part.group.blocks.back() : part.group.bytes.back());
  const double expected = (inBlocks ? site.blocksPerEvent : site.bytesPerEvent) * static_cast<double>(events);
  return sum > kTolerance * expected + static_cast<double>(inBlocks ? kSureUnits : 0);
}

void addAmounts(Finding& into, const Finding& other) {
  into.blocksPerEvent += other.blocksPerEvent;
  into.bytesPerEvent += other.bytesPerEvent;
  into.blocksPerSecond += other.blocksPerSecond;
  into.bytesPerSecond += other.bytesPerSecond;
  add(into.blocks, other.blocks);
  add(into.bytes, other.bytes);
}

NamedFinding namedPart(const NamedFinding& whole, Part part) {
  NamedFinding finding = whole;
  finding.growth = std::move(part.growth);
  finding.siteGrowth = whole.growth;
  finding.site = whole.fingerprint;
  finding.place = part.group.place;
  finding.fingerprint = findingFingerprint(whole.growth.kind, finding.place);
  finding.stacks = std::move(part.group.stacks);
  finding.stackCount = finding.stacks.size();
  return finding;
}

// Combines the parts beyond the limit into one: at the site's place, by requests.
NamedFinding otherParts(const NamedFinding& whole, const std::vector<Part>& parts, std::size_t from,
                        const UnwoundRun& run) {
  const GrowthTable table = tableOf(*run.record, whole.growth.kind);
  Part others = parts[from];
  for (std::size_t i = from + 1; i < parts.size(); ++i) {
    addAmounts(others.growth, parts[i].growth);
    add(others.group, parts[i].group);
  }
  if (whole.growth.follows != Follows::time) {
    Finding requests = whole.growth;
    requests.follows = Follows::request;
    requests.step.clear();
    followSite(others.growth, requests, table);
  }
  const std::size_t count = parts.size() - from;
  NamedFinding finding = namedPart(whole, std::move(others));
  finding.place = whole.place;
  finding.fingerprint = whole.fingerprint;
  finding.growth.detail = fmt::format("{} other lines through the same allocation", count);
  return finding;
}

std::vector<GrowingLine> withShares(std::vector<std::pair<GrowingLine, double>> amounts) {
  double all = 0;
  for (const auto& [line, amount] : amounts) all += amount;
  std::stable_sort(amounts.begin(), amounts.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::vector<GrowingLine> lines;
  for (auto& [line, amount] : amounts) {
    line.share = all > 0 ? amount / all : 0;
    if (amount > 0) lines.push_back(std::move(line));
  }
  return lines.size() > 1 ? lines : std::vector<GrowingLine>{};
}

Place callerPlace(const NamedStack& stack) {
  Place place;
  const std::size_t caller = callerOf(stack.frames, frameToBlame(stack.frames));
  if (caller >= stack.frames.size()) return place;
  const Frame& frame = stack.frames[caller];
  place.function = frame.function;
  place.file = frame.file;
  place.line = frame.line;
  place.module = frame.module;
  return place;
}

std::vector<GrowingLine> callingLines(const StackGroup& group, bool inBytes) {
  std::vector<std::pair<GrowingLine, double>> amounts;
  for (const NamedStack& stack : group.stacks) {
    GrowingLine line{callerPlace(stack), true, 0};
    const double amount = amountOf(stack.blocks, stack.bytes, inBytes);
    const auto same = std::find_if(amounts.begin(), amounts.end(), [&](const auto& entry) {
      return samePlace(entry.first.place, line.place);
    });
    if (same == amounts.end())
      amounts.emplace_back(std::move(line), amount);
    else
      same->second += amount;
  }
  return withShares(std::move(amounts));
}

}  // namespace

std::vector<StackGroup> groupStacks(std::vector<NamedStack> stacks, const std::string& scope) {
  std::vector<StackGroup> groups;
  for (NamedStack& stack : stacks) {
    StackGroup fresh{placeOf(stack.frames, scope), {}, stack.blocks, stack.bytes};
    fresh.stacks.push_back(std::move(stack));
    const auto same = std::find_if(groups.begin(), groups.end(),
                                   [&](const StackGroup& group) { return sameGroup(group, fresh); });
    if (same == groups.end())
      groups.push_back(std::move(fresh));
    else
      add(*same, std::move(fresh));
  }
  std::stable_sort(groups.begin(), groups.end(), [](const StackGroup& a, const StackGroup& b) {
    return a.bytes.back() != b.bytes.back() ? a.bytes.back() > b.bytes.back()
                                            : a.blocks.back() > b.blocks.back();
  });
  return groups;
}

std::vector<NamedFinding> partsOf(const NamedFinding& whole, const std::vector<StackGroup>& groups,
                                  const UnwoundRun& run, std::uint64_t events) {
  std::vector<Part> parts;
  if (groups.size() > 1) parts = provedParts(whole, groups, *run.record);
  if (parts.size() < 2 || exceedsSite(parts, whole.growth, events)) return {whole};
  const std::size_t shown = parts.size() > kMaxParts ? kMaxParts - 1 : parts.size();
  std::vector<NamedFinding> findings;
  for (std::size_t i = 0; i < shown; ++i) findings.push_back(namedPart(whole, parts[i]));
  if (shown < parts.size()) findings.push_back(otherParts(whole, parts, shown, run));
  return findings;
}

std::vector<GrowingLine> growingLines(const std::vector<StackGroup>& groups) {
  if (groups.empty()) return {};
  const bool inBytes = byBytes(groups);
  if (groups.size() == 1) return callingLines(groups.front(), inBytes);
  std::vector<std::pair<GrowingLine, double>> amounts;
  for (const StackGroup& group : groups)
    amounts.emplace_back(GrowingLine{group.place, false, 0}, amountOf(group.blocks, group.bytes, inBytes));
  return withShares(std::move(amounts));
}

}  // namespace leakgate
