#include "report/finding_stacks.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "analysis/stack_growth.hpp"
#include "report/finding_parts.hpp"
#include "symbols/blame.hpp"

namespace leakgate {

namespace {

constexpr std::size_t kNamedStacks = 256;  ///< of a finding; further ones are only counted

// Whether it grew again: as a finding, or by at least half of what the first replay predicts, which may be
// too little for a proof.
bool growsIn(const Analysis& analysis, const NamedFinding& finding, std::uint64_t requests,
             const std::vector<StackGrowth>& growths) {
  const Finding& first = finding.growth;
  std::int64_t blocks = 0;
  std::int64_t bytes = 0;
  for (const StackGrowth& growth : growths) blocks += growth.blocks.back(), bytes += growth.bytes.back();
  if (first.follows == Follows::time && (blocks > 0 || bytes > 0)) return true;
  if (first.lookedRequests > 0) {
    const double share = static_cast<double>(requests) / static_cast<double>(first.lookedRequests) / 2;
    const double events = static_cast<double>(first.events) * share;
    const bool byBlocks = first.blocksPerEvent > 0;
    const double expected = events * (byBlocks ? first.blocksPerEvent : first.bytesPerEvent);
    const std::int64_t grown = byBlocks ? blocks : bytes;
    if (grown > 0 && static_cast<double>(grown) >= expected) return true;
  }
  return std::any_of(analysis.findings.begin(), analysis.findings.end(), [&](const Finding& other) {
    const bool sameSite =
        std::find(finding.callers.begin(), finding.callers.end(), other.caller) != finding.callers.end();
    return other.kind == finding.growth.kind && other.scope == finding.growth.scope && sameSite;
  });
}

NamedStack named(const StackGrowth& growth, const Naming& naming) {
  NamedStack stack;
  stack.blocks = growth.blocks;
  stack.bytes = growth.bytes;
  stack.truncated = growth.stack.truncated;
  stack.frames = namedFrames(growth.stack, naming);
  stack.fingerprint = stackFingerprint(stack.frames);
  return stack;
}

void merge(NamedStack& into, const NamedStack& other) {
  for (std::size_t k = 0; k < into.blocks.size(); ++k) into.blocks[k] += other.blocks[k];
  for (std::size_t k = 0; k < into.bytes.size(); ++k) into.bytes[k] += other.bytes[k];
}

// Merges stacks that look the same: the compiler duplicates code, so one line may have several addresses.
std::vector<NamedStack> distinctStacks(const std::vector<StackGrowth>& growths, const Naming& naming) {
  std::vector<NamedStack> stacks;
  for (std::size_t i = 0; i < std::min(growths.size(), kNamedStacks); ++i) {
    NamedStack fresh = named(growths[i], naming);
    const auto same = std::find_if(stacks.begin(), stacks.end(), [&](const NamedStack& stack) {
      return stack.truncated == fresh.truncated && sameLines(stack.frames, fresh.frames);
    });
    if (same == stacks.end())
      stacks.push_back(std::move(fresh));
    else
      merge(*same, fresh);
  }
  std::stable_sort(stacks.begin(), stacks.end(), [](const NamedStack& a, const NamedStack& b) {
    return a.bytes.back() != b.bytes.back() ? a.bytes.back() > b.bytes.back()
                                            : a.blocks.back() > b.blocks.back();
  });
  return stacks;
}

// As many as fit into the report.
void keepLargest(std::vector<NamedStack>& stacks, std::uint64_t events, std::size_t& framesLeft) {
  std::size_t kept = 0;
  for (; kept < std::min(stacks.size(), kMaxStacks) && stacks[kept].frames.size() <= framesLeft; ++kept) {
    NamedStack& stack = stacks[kept];
    framesLeft -= stack.frames.size();
    if (events == 0) continue;
    stack.blocksPerEvent = static_cast<double>(stack.blocks.back()) / static_cast<double>(events);
    stack.bytesPerEvent = static_cast<double>(stack.bytes.back()) / static_cast<double>(events);
  }
  stacks.resize(kept);
}

// The second replay has no idle time: each stack gets its share of the rate.
void shareRate(NamedFinding& finding) {
  double blocks = 0;
  double bytes = 0;
  for (const NamedStack& stack : finding.stacks) {
    blocks += static_cast<double>(stack.blocks.back());
    bytes += static_cast<double>(stack.bytes.back());
  }
  for (NamedStack& stack : finding.stacks) {
    const auto part = [](std::int64_t own, double all) {
      return all > 0 ? static_cast<double>(own) / all : 0;
    };
    stack.blocksPerEvent = finding.growth.blocksPerEvent * part(stack.blocks.back(), blocks);
    stack.bytesPerEvent = finding.growth.bytesPerEvent * part(stack.bytes.back(), bytes);
  }
}

// The events of the unwound run. If the site was not judged there, as many as its requests predict.
std::uint64_t eventsOf(const UnwoundRun& run, const NamedFinding& finding) {
  for (const Finding& other : run.analysis->findings) {
    const bool same = other.kind == finding.growth.kind && other.caller == finding.callers.front() &&
                      other.scope == finding.growth.scope;
    if (same && other.follows == finding.growth.follows && other.step == finding.growth.step)
      return other.events;
  }
  const Finding& first = finding.growth;
  if (first.lookedRequests == 0 || first.follows == Follows::time) return first.events;
  const double share = static_cast<double>(run.record->checkpoints.back().requests) /
                       static_cast<double>(first.lookedRequests);
  return static_cast<std::uint64_t>(std::llround(share * static_cast<double>(first.events)));
}

// Only in the unwound replay does a collector report the places of its objects.
void takeEvidence(NamedFinding& finding, const UnwoundRun& run) {
  const auto& others = run.analysis->findings;
  const auto same = std::find_if(others.begin(), others.end(), [&](const Finding& other) {
    return other.kind == finding.growth.kind && other.subject == finding.growth.subject;
  });
  if (run.repeated) finding.confirmed = same != others.end() ? Confirmed::yes : Confirmed::no;
  if (same != others.end() && finding.growth.kind == FindingKind::managed)
    finding.growth.evidence = same->evidence;
}

// The caller of the outermost known function is unknown: name that function, not a line of a library.
Place placeOfStack(const NamedStack& stack, Place place) {
  if (!callerIsUnknown(stack.frames, stack.truncated)) return place;
  place.function = stack.frames.back().function;
  place.module = stack.frames.back().module;
  place.file.clear();
  place.line = 0;
  return place;
}

// Fills in everything from the stacks of one finding, those of the largest group first.
void describe(NamedFinding& finding, std::vector<StackGroup> groups, std::uint64_t events,
              std::size_t& framesLeft) {
  finding.lines = growingLines(groups);
  finding.lineCount = finding.lines.size();
  if (finding.lines.size() > kMaxGrowingLines) finding.lines.resize(kMaxGrowingLines);
  finding.stacks.clear();
  for (StackGroup& group : groups)
    std::move(group.stacks.begin(), group.stacks.end(), std::back_inserter(finding.stacks));
  keepLargest(finding.stacks, events, framesLeft);
  if (finding.growth.follows == Follows::time) shareRate(finding);
  if (!finding.stacks.empty()) finding.stack = finding.stacks.front().frames;
}

// The finding with its stacks, or its parts.
std::vector<NamedFinding> unwound(NamedFinding finding, const UnwoundRun& run, const Naming& naming,
                                  std::size_t& framesLeft, std::size_t room) {
  const auto growths =
      stackGrowths(*run.record, {finding.growth.kind, finding.callers, finding.growth.scope});
  const std::uint64_t requests = run.record->checkpoints.back().requests;
  const bool again = run.repeated && growsIn(*run.analysis, finding, requests, growths);
  if (run.repeated) finding.confirmed = again ? Confirmed::yes : Confirmed::no;
  const std::uint64_t unnamed = growths.size() - std::min(growths.size(), kNamedStacks);
  const auto groups = groupStacks(distinctStacks(growths, naming), finding.growth.scope);
  const std::uint64_t events = eventsOf(run, finding);
  if (again || !run.repeated) {
    auto parts = partsOf(finding, groups, run, events);
    if (parts.size() > 1 && parts.size() <= room) {
      for (NamedFinding& part : parts) {
        describe(part, groupStacks(std::move(part.stacks), finding.growth.scope), part.growth.events,
                 framesLeft);
        if (!part.stacks.empty()) part.place = placeOfStack(part.stacks.front(), part.place);
      }
      return parts;
    }
  }
  for (const StackGroup& group : groups) finding.stackCount += group.stacks.size();
  finding.stackCount += unnamed;
  describe(finding, groups, events, framesLeft);
  if (!finding.stacks.empty())
    finding.place = placeOfStack(finding.stacks.front(), placeOf(finding.stack, finding.growth.scope));
  return {std::move(finding)};
}

}  // namespace

void addStacks(std::vector<NamedFinding>& findings, const UnwoundRun& run, const Naming& naming) {
  if (run.record == nullptr) return;
  const Naming fast = remembering(naming);
  std::size_t framesLeft = kMaxFrames;
  std::vector<NamedFinding> all;
  for (std::size_t i = 0; i < findings.size(); ++i) {
    NamedFinding& finding = findings[i];
    if (!finding.growth.subject.empty()) takeEvidence(finding, run);
    if (finding.callers.empty()) {
      all.push_back(std::move(finding));
      continue;
    }
    const std::size_t taken = all.size() + (findings.size() - i - 1);
    const std::size_t room = kMaxFindings - std::min(kMaxFindings, taken);
    auto parts = unwound(std::move(finding), run, fast, framesLeft, room);
    std::move(parts.begin(), parts.end(), std::back_inserter(all));
  }
  findings = std::move(all);
}

}  // namespace leakgate
