#include <fmt/core.h>

#include <algorithm>

#include "writers/allocation_samples.hpp"
#include "writers/foreign_text.hpp"
#include "writers/formats.hpp"

namespace leakgate {

namespace {

constexpr std::size_t kMaxShown = 1'000;  ///< stacks of each section

std::string framesText(const AllocationSample& sample) {
  std::string text;
  for (const Frame* frame : sample.frames) {
    text += "    " + frameName(*frame) + "\n";
    if (!frame->file.empty()) text += fmt::format("      at {}:{}\n", foreignLine(frame->file), frame->line);
    if (!frame->module.empty()) text += fmt::format("      in {}\n", foreignLine(frame->module));
  }
  return text.empty() ? "    (at no stack)\n" : text;
}

std::string whereOf(const AllocationSample& sample) {
  std::string text = "scenario " + foreignLine(sample.result->name);
  if (!sample.step.empty()) text += ", step " + foreignLine(sample.step);
  if (!sample.scope.empty()) text += ", scope " + foreignLine(sample.scope);
  if (!sample.fingerprint.empty()) text += ", fingerprint " + sample.fingerprint;
  return text;
}

using Value = std::int64_t AllocationSample::*;

// The stacks by one count, the largest first.
std::string section(const char* title, const char* verb, std::vector<const AllocationSample*> samples,
                    Value blocks, Value bytes) {
  std::erase_if(samples, [&](const auto* sample) { return sample->*blocks <= 0 && sample->*bytes <= 0; });
  std::ranges::stable_sort(samples, [&](const auto* a, const auto* b) {
    return a->*blocks != b->*blocks ? a->*blocks > b->*blocks : a->*bytes > b->*bytes;
  });
  std::string text = std::string(title) + "\n";
  for (std::size_t i = 0; i < std::min(kMaxShown, samples.size()); ++i) {
    text += fmt::format("{} calls {} {} B from\n{}  {}\n\n", samples[i]->*blocks, verb, samples[i]->*bytes,
                        framesText(*samples[i]), whereOf(*samples[i]));
  }
  if (samples.size() > kMaxShown) text += fmt::format("and {} more stacks\n\n", samples.size() - kMaxShown);
  return text;
}

}  // namespace

std::string heaptrackText(const WriterInput& input) {
  const auto samples = allocationSamples(input.results);
  std::vector<const AllocationSample*> all;
  std::int64_t calls = 0;
  std::int64_t leaked = 0;
  for (const auto& sample : samples) {
    all.push_back(&sample);
    calls += sample.allocatedBlocks;
    leaked += sample.liveBytes;
  }
  return section("MOST CALLS TO ALLOCATION FUNCTIONS", "allocate", all, &AllocationSample::allocatedBlocks,
                 &AllocationSample::allocatedBytes) +
         section("MEMORY AT THE END", "hold", all, &AllocationSample::liveBlocks,
                 &AllocationSample::liveBytes) +
         fmt::format("calls to allocation functions: {}\nbytes at the end: {}\n", calls, leaked);
}

}  // namespace leakgate
