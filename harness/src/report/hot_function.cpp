#include "report/hot_function.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace leakgate {

namespace {

using Function = std::pair<std::string, std::string>;  // module and name

// The samples of one part of the run, by the function to blame.
struct Stretch {
  std::map<Function, double> samples;
  double all = 0;
  double nsPerRequest = 0;

  double nsOf(const Function& function) const {
    const auto found = samples.find(function);
    return found == samples.end() || all == 0 ? 0 : nsPerRequest * found->second / all;
  }
};

// CPU time per request from one checkpoint to another.
double costBetween(const RunRecord& record, std::size_t from, std::size_t to) {
  const Checkpoint& before = record.checkpoints[from];
  const Checkpoint& after = record.checkpoints[to];
  const auto requests = static_cast<double>(after.requests - before.requests);
  return requests == 0 ? 0 : static_cast<double>(after.process.cpuNs - before.process.cpuNs) / requests;
}

// The last block with requests.
std::size_t lastBlock(const RunRecord& record) {
  std::size_t last = record.checkpoints.size() - 1;
  while (last > 1 && record.checkpoints[last].block.requests == 0) --last;
  return last;
}

struct Named {
  Function function;
  std::vector<Frame> stack;
};

Named nameOf(const StackSample& sample, const Naming& naming) {
  CallStack whole;
  whole.frames = sample.frames;
  Named named{{}, namedFrames(whole, naming)};
  const Place place = placeOf(named.stack, "");
  named.function = {place.module, place.function};
  return named;
}

}  // namespace

std::optional<HotFunction> hottestRise(const RunRecord& sampled, const Naming& naming) {
  if (sampled.stackSamples.empty() || sampled.checkpoints.size() < 3) return std::nullopt;
  const Naming fast = remembering(naming);
  const std::size_t last = lastBlock(sampled);
  const std::size_t half = std::max<std::size_t>(1, last / 2);
  Stretch early;
  Stretch late;
  early.nsPerRequest = costBetween(sampled, 0, half);
  late.nsPerRequest = costBetween(sampled, last - 1, last);
  std::map<Function, std::vector<Frame>> stacks;
  for (const StackSample& sample : sampled.stackSamples) {
    if (sample.block > half && sample.block != last) continue;
    Named named = nameOf(sample, fast);
    Stretch& stretch = sample.block == last ? late : early;
    ++stretch.samples[named.function];
    ++stretch.all;
    if (sample.block == last) stacks.try_emplace(named.function, std::move(named.stack));
  }
  if (stacks.empty()) return std::nullopt;
  const auto riseOf = [&](const auto& entry) { return late.nsOf(entry.first) - early.nsOf(entry.first); };
  const auto hottest = std::max_element(stacks.begin(), stacks.end(),
                                        [&](const auto& a, const auto& b) { return riseOf(a) < riseOf(b); });
  const double rise = late.nsPerRequest - early.nsPerRequest;
  const double share = rise <= 0 ? 0 : std::clamp(riseOf(*hottest) / rise, 0.0, 1.0);
  return HotFunction{std::move(hottest->second), share};
}

}  // namespace leakgate
