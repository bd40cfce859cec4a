#include "report/hot_function.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace leakgate {

namespace {

using Function = std::pair<std::string, std::string>;  // module and name

// Samples by the function to blame, which share a time between them.
struct Shares {
  std::map<Function, double> samples;
  double all = 0;
  double nsPerRequest = 0;

  void add(const Function& function) {
    ++samples[function];
    ++all;
  }
  double nsOf(const Function& function) const {
    const auto found = samples.find(function);
    return found == samples.end() ? 0 : nsPerRequest * found->second / all;
  }
};

// One part of the run. A busy machine shows a thread in system calls more often than it is there, since it loses the
// processor at their ends. So the kernel's own count of the time in calls is shared between samples in calls, and the
// rest between the others.
struct Stretch {
  Shares ownCode;
  Shares systemCalls;

  void add(const Function& function, bool inSystemCall) {
    (inSystemCall ? systemCalls : ownCode).add(function);
  }
  double nsOf(const Function& function) const { return ownCode.nsOf(function) + systemCalls.nsOf(function); }
  double nsPerRequest() const { return ownCode.nsPerRequest + systemCalls.nsPerRequest; }
};

// Takes the CPU time per request from one checkpoint to another, once all samples are there.
void setTimes(Stretch& stretch, const RunRecord& record, std::size_t from, std::size_t to) {
  const Checkpoint& before = record.checkpoints[from];
  const Checkpoint& after = record.checkpoints[to];
  const auto requests = static_cast<double>(after.requests - before.requests);
  if (requests == 0) return;
  const double all = static_cast<double>(after.process.cpuNs - before.process.cpuNs) / requests;
  // It is told in ticks, and may go back by one.
  const auto spent = static_cast<std::int64_t>(after.process.systemCpuNs - before.process.systemCpuNs);
  const double inKernel = std::clamp(static_cast<double>(spent) / requests, 0.0, all);
  if (stretch.systemCalls.all > 0)
    stretch.systemCalls.nsPerRequest = stretch.ownCode.all > 0 ? inKernel : all;
  stretch.ownCode.nsPerRequest = all - stretch.systemCalls.nsPerRequest;
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
  std::map<Function, std::vector<Frame>> stacks;
  for (const StackSample& sample : sampled.stackSamples) {
    if (sample.block > half && sample.block != last) continue;
    Named named = nameOf(sample, fast);
    (sample.block == last ? late : early).add(named.function, sample.inSystemCall);
    if (sample.block == last) stacks.try_emplace(named.function, std::move(named.stack));
  }
  if (stacks.empty()) return std::nullopt;
  setTimes(early, sampled, 0, half);
  setTimes(late, sampled, last - 1, last);
  const auto riseOf = [&](const auto& entry) { return late.nsOf(entry.first) - early.nsOf(entry.first); };
  const auto hottest = std::max_element(stacks.begin(), stacks.end(),
                                        [&](const auto& a, const auto& b) { return riseOf(a) < riseOf(b); });
  const double rise = late.nsPerRequest() - early.nsPerRequest();
  const double share = rise <= 0 ? 0 : std::clamp(riseOf(*hottest) / rise, 0.0, 1.0);
  return HotFunction{std::move(hottest->second), share};
}

}  // namespace leakgate
