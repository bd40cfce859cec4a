#include "writers/allocation_samples.hpp"

#include <fmt/core.h>

#include <map>

#include "writers/foreign_text.hpp"

namespace leakgate {

namespace {

std::vector<const Frame*> pointersTo(const std::vector<Frame>& frames) {
  std::vector<const Frame*> pointers;
  for (const auto& frame : frames) pointers.push_back(&frame);
  return pointers;
}

AllocationSample growthSample(const GateResult& result, const NamedFinding& finding, std::int64_t blocks,
                              std::int64_t bytes) {
  AllocationSample sample{&result, finding.growth.step, finding.place.scope, finding.fingerprint, {}};
  sample.allocatedBlocks = sample.liveBlocks = blocks;
  sample.allocatedBytes = sample.liveBytes = bytes;
  return sample;
}

std::int64_t lastOf(const std::vector<std::int64_t>& series) { return series.empty() ? 0 : series.back(); }

void addFinding(std::vector<AllocationSample>& samples, const GateResult& result,
                const NamedFinding& finding) {
  for (const auto& stack : finding.stacks) {
    samples.push_back(growthSample(result, finding, lastOf(stack.blocks), lastOf(stack.bytes)));
    samples.back().frames = pointersTo(stack.frames);
  }
  if (!finding.stacks.empty()) return;
  samples.push_back(
      growthSample(result, finding, lastOf(finding.growth.blocks), lastOf(finding.growth.bytes)));
  samples.back().frames = pointersTo(finding.stack);
}

using FindingByStack = std::map<std::string, std::string>;  // fingerprints

FindingByStack findingByStack(const Report& report) {
  FindingByStack findings;
  for (const auto& finding : report.findings)
    for (const auto& stack : finding.stacks) findings.emplace(stack.fingerprint, finding.fingerprint);
  return findings;
}

// The samples of one result's profile.
class ProfileSamples {
 public:
  ProfileSamples(const GateResult& result, std::vector<AllocationSample>& samples)
      : result_(result),
        profile_(*result.report->profile),
        findings_(findingByStack(*result.report)),
        samples_(samples) {}

  void add(const ProfiledPart& part) {
    for (const auto& counted : part.stacks) {
      const ProfiledStack& stack = profile_.stacks[counted.stack];
      AllocationSample& sample = add(part, counted.counts);
      sample.scope = stack.scope;
      const auto finding = findings_.find(stack.fingerprint);
      if (finding != findings_.end()) sample.fingerprint = finding->second;
      for (const auto frame : stack.frames) sample.frames.push_back(&profile_.frames[frame]);
    }
    if (part.others != AllocationCounts{}) add(part, part.others);
  }

 private:
  AllocationSample& add(const ProfiledPart& part, const AllocationCounts& counts) {
    AllocationSample& sample = samples_.emplace_back();
    sample.result = &result_;
    sample.step = part.step;
    sample.allocatedBlocks = static_cast<std::int64_t>(counts.allocations);
    sample.allocatedBytes = static_cast<std::int64_t>(counts.bytes);
    sample.liveBlocks = counts.liveBlocks;
    sample.liveBytes = counts.liveBytes;
    return sample;
  }

  const GateResult& result_;
  const AllocationProfile& profile_;
  FindingByStack findings_;
  std::vector<AllocationSample>& samples_;
};

void addProfile(std::vector<AllocationSample>& samples, const GateResult& result) {
  ProfileSamples profile(result, samples);
  const AllocationProfile& parts = *result.report->profile;
  if (parts.steps.empty()) profile.add(parts.mix);
  for (const auto& part : parts.steps) profile.add(part);
}

}  // namespace

std::vector<AllocationSample> allocationSamples(const std::vector<GateResult>& results) {
  std::vector<AllocationSample> samples;
  for (const auto& result : results) {
    if (!result.report) continue;
    if (result.report->profile) {
      addProfile(samples, result);
      continue;
    }
    for (const auto& finding : result.report->findings)
      if (finding.growth.kind == FindingKind::heap) addFinding(samples, result, finding);
  }
  return samples;
}

std::string frameName(const Frame& frame) {
  if (!frame.function.empty()) return foreignLine(frame.function);
  return foreignLine(fmt::format("{}+{:#x}", frame.module.empty() ? "?" : frame.module, frame.offset));
}

}  // namespace leakgate
