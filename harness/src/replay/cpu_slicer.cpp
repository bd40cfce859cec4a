#include "replay/cpu_slicer.hpp"

#include <algorithm>

#include "replay/process_sampler.hpp"
#include "scenario/limits.hpp"

namespace leakgate {

namespace {

constexpr std::uint64_t kSlicesEach = 16;  // of the shortest planned block

}  // namespace

CpuSlicer::CpuSlicer(std::uint64_t plannedRequests, std::vector<CpuSlice>& slices)
    : slices_(slices), size_(std::max<std::uint64_t>(plannedRequests / kBlockUnits / kSlicesEach, 1)) {}

void CpuSlicer::begin(const Checkpoint& before, std::uint64_t requests) {
  before_ = before.requests;
  stride_ = std::max(size_, requests / kMaxSlices);
  pids_.clear();
  for (const ProcessRow& row : before.process.rows) pids_.push_back(static_cast<pid_t>(row.pid));
  nextStart_ = 0;
  open_ = false;
  read(0);
}

void CpuSlicer::read(std::uint64_t done) {
  if (!open_ && done < nextStart_) return;
  const Reading now = readingAt(done);
  if (open_ && now.cpuNs > start_.cpuNs)
    slices_.push_back({before_ + done, done - start_.done, now.cpuNs - start_.cpuNs});
  open_ = done >= nextStart_;
  if (!open_) return;
  start_ = now;
  nextStart_ += stride_;
}

CpuSlicer::Reading CpuSlicer::readingAt(std::uint64_t done) const {
  Reading reading{done, 0};
  for (const pid_t pid : pids_) reading.cpuNs += processCpuNs(pid);
  return reading;
}

}  // namespace leakgate
