// Sends and counts the requests of a replay in blocks, and estimates the time that is left.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "replay/load_driver.hpp"
#include "replay/measured_target.hpp"
#include "replay/progress.hpp"
#include "replay/runner.hpp"
#include "scenario/request_stream.hpp"

namespace leakgate {

/// Sends a scenario's requests to a target that is ready; the running number continues from block to block.
/// Lifetime: borrows all its arguments. Threads: one owner. Errors: as LoadDriver and
/// MeasuredTarget::check().
class RequestSender {
 public:
  RequestSender(const Scenario& scenario, MeasuredTarget& target, const ReplayOptions& options,
                Progress& progress);

  /// Sends the next `count` requests, as a phase of that name. latency: nullptr: not recorded.
  BlockTally send(const std::string& name, std::uint64_t count, LatencyRecorder* latency,
                  std::vector<UnexpectedResponse>& unexpected);

  /// See LoadDriver::pace().
  void pace(double requestsPerSecond) { driver_.pace(requestsPerSecond); }

  /// See LoadDriver::watch().
  void watch(std::uint64_t every, std::function<void(std::uint64_t)> reader);

  /// Requests sent after the warm-up.
  std::uint64_t measured() const { return sent_ - load_.warmup; }

 private:
  void estimate();
  bool reachesABlock(std::chrono::duration<double, std::nano> perRequest) const;

  const LoadSpec& load_;
  const ReplayOptions& options_;
  Progress& progress_;
  RequestStream stream_;
  LoadDriver driver_;
  std::uint64_t sent_ = 0;
  std::uint64_t sendingNs_ = 0;
  bool warned_ = false;
};

}  // namespace leakgate
