#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "writers/allocation_samples.hpp"
#include "writers/foreign_text.hpp"
#include "writers/formats.hpp"

namespace leakgate {

namespace {

// A semicolon ends a frame.
std::string word(std::string text) {
  std::replace(text.begin(), text.end(), ';', ',');
  return text.empty() ? "?" : text;
}

}  // namespace

std::string foldedStacks(const WriterInput& input) {
  std::map<std::string, std::int64_t> counts;
  for (const auto& sample : allocationSamples(input.results)) {
    std::string line = word(foreignLine(sample.result->name));
    if (!sample.step.empty()) line += ";" + word("step " + foreignLine(sample.step));
    if (!sample.fingerprint.empty()) line += ";finding " + sample.fingerprint;
    for (auto frame = sample.frames.rbegin(); frame != sample.frames.rend(); ++frame)
      line += ";" + word(frameName(**frame));
    if (sample.frames.empty()) line += ";(at no stack)";
    counts[line] += sample.allocatedBlocks;
  }
  std::string text;
  for (const auto& [line, count] : counts)
    if (count > 0) text += fmt::format("{} {}\n", line, count);
  return text;
}

}  // namespace leakgate
