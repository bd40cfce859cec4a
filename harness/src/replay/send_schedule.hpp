// When the requests of a block are to be sent.
#pragma once

#include <cmath>
#include <cstdint>

namespace leakgate {

/// An open loop: request k of a block is due k intervals after the block's start, whether or not the server has
/// responded to the ones before. Its latency counts from then, so that a server that stalls is charged for all
/// requests that it kept waiting, not only for the one that a closed loop would have sent ("coordinated
/// omission"; G. Tene, wrk2). Without an interval, a closed loop: each request is due at the start.
struct SendSchedule {
  std::uint64_t startNs = 0;  ///< of the block
  std::uint64_t first = 0;    ///< number of its first request
  double intervalNs = 0;

  bool isOpenLoop() const { return intervalNs > 0; }

  std::uint64_t dueNs(std::uint64_t number) const {
    return startNs +
           static_cast<std::uint64_t>(std::llround(intervalNs * static_cast<double>(number - first)));
  }
};

}  // namespace leakgate
