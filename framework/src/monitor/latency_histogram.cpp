#include "monitor/latency_histogram.hpp"

#include <algorithm>
#include <bit>

namespace h3 {

std::size_t LatencyHistogram::bucketOf(std::uint64_t ns) {
  constexpr std::uint64_t kSub = 1u << kSubBits;
  if (ns < kSub) return static_cast<std::size_t>(ns);
  const unsigned exponent = static_cast<unsigned>(std::bit_width(ns)) - 1 - kSubBits;
  const std::size_t index = (std::size_t{exponent + 1} << kSubBits) + ((ns >> exponent) & (kSub - 1));
  return std::min(index, kBuckets - 1);
}

std::uint64_t LatencyHistogram::upperBoundNs(std::size_t index) {
  const std::size_t exponent = index >> kSubBits;
  const std::uint64_t sub = index & ((1u << kSubBits) - 1);
  if (exponent == 0) return sub + 1;
  return ((1u << kSubBits) + sub + 1) << (exponent - 1);
}

void LatencyHistogram::record(std::uint64_t ns, std::uint64_t count) {
  counts_[bucketOf(ns)].add(count);
  sumNs_.add(ns * count);
}

void LatencyCounts::add(const LatencyHistogram& histogram) {
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    const std::uint64_t count = histogram.bucket(i);
    counts_[i] += count;
    count_ += count;
  }
  sumNs_ += histogram.sumNs();
}

std::uint64_t LatencyCounts::quantileNs(double quantile) const {
  const auto wanted = static_cast<std::uint64_t>(quantile * static_cast<double>(count_));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    seen += counts_[i];
    if (seen > wanted || (seen == count_ && count_ != 0)) return LatencyHistogram::upperBoundNs(i);
  }
  return 0;
}

}  // namespace h3
