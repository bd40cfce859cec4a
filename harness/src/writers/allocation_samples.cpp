#include "writers/allocation_samples.hpp"

#include <fmt/core.h>

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

}  // namespace

std::vector<AllocationSample> allocationSamples(const std::vector<GateResult>& results) {
  std::vector<AllocationSample> samples;
  for (const auto& result : results) {
    if (!result.report) continue;
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
