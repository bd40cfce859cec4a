// Takes the CPU time of small parts of a block of requests, while the load goes on.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

#include "replay/run_record.hpp"

namespace leakgate {

/// Cuts slices of one size, whatever the size of the block, so that slices of different blocks can be compared:
/// an eighth of the planned requests has 16, a longer block at most kMaxSlices, evenly placed.
///
/// A slice counts the processes of the checkpoint before the block; one of them that ends makes no slice.
/// Lifetime: borrows the list that it adds slices to. Threads: one owner. Errors: none.
class CpuSlicer {
 public:
  static constexpr std::uint64_t kMaxSlices = 64;

  CpuSlicer(std::uint64_t plannedRequests, std::vector<CpuSlice>& slices);

  /// A block of so many requests begins, after this checkpoint.
  void begin(const Checkpoint& before, std::uint64_t requests);

  /// So many requests of the block are done. To be called every size() requests.
  void read(std::uint64_t done);

  /// Requests of a slice.
  std::uint64_t size() const { return size_; }

 private:
  struct Reading {
    std::uint64_t done = 0;
    std::uint64_t cpuNs = 0;
  };
  Reading readingAt(std::uint64_t done) const;

  std::vector<CpuSlice>& slices_;
  std::uint64_t size_;
  std::uint64_t stride_ = 1;  ///< from the start of a slice to that of the next
  std::uint64_t before_ = 0;  ///< requests before the block
  std::uint64_t nextStart_ = 0;
  bool open_ = false;
  Reading start_;  ///< of the open slice
  std::vector<pid_t> pids_;
};

}  // namespace leakgate
