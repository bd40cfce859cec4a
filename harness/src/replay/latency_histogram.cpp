#include "replay/latency_histogram.hpp"

#include <algorithm>
#include <cmath>

namespace leakgate {

// For 2^k <= ns < 2^(k+1), k >= 6: the class is the exponent followed by the six bits after the leading one.
std::size_t LatencyHistogram::classOf(std::uint64_t ns) {
  ns = std::min(ns, (std::uint64_t{1} << kMaxBits) - 1);
  const unsigned bits = static_cast<unsigned>(std::bit_width(ns));
  if (bits <= kSubBits) return ns;
  const unsigned shift = bits - kSubBits - 1;
  return (static_cast<std::size_t>(shift) << kSubBits) + (ns >> shift);
}

double LatencyHistogram::middleOf(std::size_t index) {
  constexpr std::size_t kExact = std::size_t{2} << kSubBits;
  if (index < kExact) return static_cast<double>(index);
  const std::size_t shift = (index >> kSubBits) - 1;
  const std::uint64_t lowest = ((index & ((1U << kSubBits) - 1)) | (1U << kSubBits)) << shift;
  return static_cast<double>(lowest) + static_cast<double>((std::uint64_t{1} << shift) - 1) / 2;
}

void LatencyHistogram::add(std::uint64_t ns) {
  ++counts_[classOf(ns)];
  ++count_;
  sumNs_ += ns;
  maxNs_ = std::max(maxNs_, ns);
}

double LatencyHistogram::meanNs() const {
  return count_ == 0 ? 0 : static_cast<double>(sumNs_) / static_cast<double>(count_);
}

double LatencyHistogram::quantileNs(double q) const {
  if (count_ == 0) return 0;
  const auto rank = static_cast<std::uint64_t>(std::ceil(q * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t index = 0; index < kClasses; ++index) {
    seen += counts_[index];
    if (seen >= std::max<std::uint64_t>(rank, 1)) return middleOf(index);
  }
  return maxNs();
}

namespace {

LatencySummary summaryOf(const LatencyHistogram& all) {
  return {all.count(),          all.meanNs(),          all.quantileNs(0.5), all.quantileNs(0.9),
          all.quantileNs(0.99), all.quantileNs(0.999), all.maxNs()};
}

std::vector<LatencyWindow> windowsOf(const std::vector<LatencyHistogram>& windows) {
  std::vector<LatencyWindow> result;
  result.reserve(windows.size());
  for (const LatencyHistogram& window : windows) {
    result.push_back({window.count(), window.meanNs(), window.quantileNs(0.5), window.quantileNs(0.99)});
  }
  return result;
}

// Steps that get a response, the most frequent first.
std::vector<std::size_t> timedSteps(const Scenario& scenario) {
  std::vector<std::size_t> steps;
  for (std::size_t k = 0; k < scenario.steps.size(); ++k) {
    if (scenario.steps[k].abort == AbortPoint::none && scenario.steps[k].expect) steps.push_back(k);
  }
  std::stable_sort(steps.begin(), steps.end(), [&](std::size_t a, std::size_t b) {
    return scenario.steps[a].weight > scenario.steps[b].weight;
  });
  steps.resize(std::min(steps.size(), kMaxTimedSteps));
  std::sort(steps.begin(), steps.end());
  return steps;
}

}  // namespace

StepLatencies::StepLatencies(const Scenario& scenario, std::uint64_t requests) : requests_(requests) {
  std::uint64_t weights = 0;
  for (const Step& step : scenario.steps) weights += step.weight;
  const auto steps = scenario.steps.size() > 1 ? timedSteps(scenario) : std::vector<std::size_t>{};
  courseOf_.assign(scenario.steps.size(), steps.size());
  for (const std::size_t k : steps) {
    courseOf_[k] = courses_.size();
    const std::uint64_t share = requests * scenario.steps[k].weight / weights;
    const bool enough = share >= kStepWindows * kStepWindowRequests;
    courses_.push_back({k, {}, std::vector<LatencyHistogram>(enough ? kStepWindows : 0)});
  }
}

void StepLatencies::add(std::uint64_t measured, std::size_t step, std::uint64_t ns) {
  if (courseOf_[step] == courses_.size()) return;
  Course& course = courses_[courseOf_[step]];
  course.all.add(ns);
  if (measured < requests_ && !course.windows.empty()) {
    course.windows[measured * kStepWindows / requests_].add(ns);
  }
}

std::vector<StepLatency> StepLatencies::result() const {
  std::vector<StepLatency> result;
  for (const Course& course : courses_) {
    if (course.all.count() == 0) continue;
    result.push_back({course.step, summaryOf(course.all), windowsOf(course.windows)});
  }
  return result;
}

LatencyRecorder::LatencyRecorder(std::uint64_t first, std::uint64_t requests)
    : first_(first), requests_(requests), windows_(std::min<std::uint64_t>(kLatencyWindows, requests)) {}

LatencyRecorder::LatencyRecorder(const Scenario& scenario)
    : LatencyRecorder(scenario.load.warmup, scenario.load.requests) {
  steps_.emplace(scenario, scenario.load.requests);
}

void LatencyRecorder::add(std::uint64_t number, std::size_t step, std::uint64_t ns) {
  if (number < first_) return;
  all_.add(ns);
  const std::uint64_t measured = number - first_;
  if (steps_) steps_->add(measured, step, ns);
  if (measured < requests_) windows_[measured * windows_.size() / requests_].add(ns);
}

LatencySummary LatencyRecorder::summary() const { return summaryOf(all_); }

std::vector<StepLatency> LatencyRecorder::steps() const {
  return steps_ ? steps_->result() : std::vector<StepLatency>{};
}

std::vector<LatencyWindow> LatencyRecorder::windows() const { return windowsOf(windows_); }

}  // namespace leakgate
