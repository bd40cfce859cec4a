#include <algorithm>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>

#include "writers/allocation_samples.hpp"
#include "writers/foreign_text.hpp"
#include "writers/formats.hpp"

namespace leakgate {

namespace {

using Json = nlohmann::ordered_json;

// Frames are stored once, and named by their place in the list.
class Frames {
 public:
  std::size_t of(const std::string& name, const std::string& file, unsigned line) {
    Json frame{{"name", name}};
    if (!file.empty()) frame["file"] = file;
    if (line != 0) frame["line"] = line;
    const auto [at, isNew] = numbers_.try_emplace(frame.dump(), list_.size());
    if (isNew) list_.push_back(std::move(frame));
    return at->second;
  }

  Json take() { return std::move(list_); }

 private:
  Json list_ = Json::array();
  std::map<std::string, std::size_t> numbers_;
};

// Outermost first, as it wants them.
Json stackOf(const AllocationSample& sample, Frames& frames) {
  Json stack = Json::array();
  if (!sample.step.empty()) stack.push_back(frames.of("step " + foreignLine(sample.step), "", 0));
  if (!sample.fingerprint.empty()) stack.push_back(frames.of("finding " + sample.fingerprint, "", 0));
  for (auto frame = sample.frames.rbegin(); frame != sample.frames.rend(); ++frame)
    stack.push_back(frames.of(frameName(**frame), foreignLine((*frame)->file), (*frame)->line));
  if (sample.frames.empty()) stack.push_back(frames.of("(at no stack)", "", 0));
  return stack;
}

struct Weight {
  const char* title;
  const char* unit;
  std::int64_t AllocationSample::*value;
};
constexpr std::array kWeights{Weight{"allocations", "none", &AllocationSample::allocatedBlocks},
                              Weight{"bytes", "bytes", &AllocationSample::allocatedBytes},
                              Weight{"live blocks", "none", &AllocationSample::liveBlocks},
                              Weight{"live bytes", "bytes", &AllocationSample::liveBytes}};

// `stacks`: of the samples, in their order.
Json profileOf(const std::string& name, const Weight& weight, std::span<const AllocationSample> samples,
               const std::vector<Json>& stacks) {
  Json shown = Json::array();
  Json weights = Json::array();
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const std::int64_t value = samples[i].*weight.value;
    if (value <= 0) continue;
    shown.push_back(stacks[i]);
    weights.push_back(value);
    sum += value;
  }
  return {{"type", "sampled"},
          {"name", name + ": " + weight.title},
          {"unit", weight.unit},
          {"startValue", 0},
          {"endValue", sum},
          {"samples", std::move(shown)},
          {"weights", std::move(weights)}};
}

}  // namespace

std::string speedscopeJson(const WriterInput& input) {
  const auto samples = allocationSamples(input.results);
  Frames frames;
  Json profiles = Json::array();
  for (auto first = samples.begin(); first != samples.end();) {
    const auto last =
        std::find_if(first, samples.end(), [&](const auto& s) { return s.result != first->result; });
    std::vector<Json> stacks;
    std::transform(first, last, std::back_inserter(stacks),
                   [&](const AllocationSample& sample) { return stackOf(sample, frames); });
    for (const auto& weight : kWeights)
      profiles.push_back(profileOf(foreignLine(first->result->name), weight, {first, last}, stacks));
    first = last;
  }
  // It refuses a file without a profile.
  if (profiles.empty()) profiles.push_back(profileOf("no stacks", kWeights[0], {}, {}));
  return Json{{"$schema", "https://www.speedscope.app/file-format-schema.json"},
              {"exporter", "leakgate"},
              {"name", "leakgate"},
              {"activeProfileIndex", 0},
              {"shared", {{"frames", frames.take()}}},
              {"profiles", std::move(profiles)}}
             .dump() +
         "\n";
}

}  // namespace leakgate
