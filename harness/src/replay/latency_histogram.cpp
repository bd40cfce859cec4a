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

LatencyRecorder::LatencyRecorder(std::uint64_t first, std::uint64_t requests)
    : first_(first), requests_(requests), windows_(std::min<std::uint64_t>(kLatencyWindows, requests)) {}

void LatencyRecorder::add(std::uint64_t number, std::uint64_t ns) {
  if (number < first_) return;
  all_.add(ns);
  const std::uint64_t measured = number - first_;
  if (measured < requests_) windows_[measured * windows_.size() / requests_].add(ns);
}

LatencySummary LatencyRecorder::summary() const {
  return {all_.count(),          all_.meanNs(),          all_.quantileNs(0.5), all_.quantileNs(0.9),
          all_.quantileNs(0.99), all_.quantileNs(0.999), all_.maxNs()};
}

std::vector<LatencyWindow> LatencyRecorder::windows() const {
  std::vector<LatencyWindow> result;
  result.reserve(windows_.size());
  for (const LatencyHistogram& window : windows_) {
    result.push_back({window.count(), window.meanNs(), window.quantileNs(0.5), window.quantileNs(0.99)});
  }
  return result;
}

}  // namespace leakgate
