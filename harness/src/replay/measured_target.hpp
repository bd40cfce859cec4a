// A running target with its counters: the common part of a replay and an experiment.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "replay/process_sampler.hpp"
#include "replay/runner.hpp"
#include "replay/server_process.hpp"
#include "replay/settle.hpp"
#include "replay/temporary_directory.hpp"

namespace leakgate {

class ControlRegion;
class HeapCollectors;
class ObjectSampler;
class RegionReader;

/// Starts a scenario's target under the shim and reads its counters while it stands still.
///
/// Lifetime: borrows the options; the destructor ends the target. Threads: one owner, which must outlive it.
/// Errors: MeasureError, Interrupted when options.stop was requested, InputError for a command that cannot be
/// started, RegionError.
class MeasuredTarget {
 public:
  /// Starts the target without waiting for anything.
  MeasuredTarget(const Scenario& scenario, const ReplayOptions& options);
  ~MeasuredTarget();
  MeasuredTarget(const MeasuredTarget&) = delete;
  MeasuredTarget& operator=(const MeasuredTarget&) = delete;

  /// Waits until the target responds to `ready`; then makes sure that the shim counts.
  void waitUntilReady();

  /// Throws when the target has ended, the time is over, or the user asked to stop.
  void check();

  /// Ends the time at this moment, unless the deadline is earlier.
  void endAt(std::chrono::steady_clock::time_point end) { end_ = end; }

  /// Throws MeasureError when a process that serves the target's port is not counted.
  void requireCounted();

  /// Counts blocks that are allocated from now on in this epoch.
  void setEpoch(std::uint32_t epoch);

  /// Waits until the target stands still, then reads everything. The caller fills in name, requests and
  /// block.
  Checkpoint checkpoint();

  /// Reads the counters without waiting; sites by place only, summed over sizes and epochs.
  Checkpoint reading();

  /// The same while no request is in flight: collects garbage first, when the last collection here was long
  /// enough ago that collecting takes at most a sixth of the time.
  Checkpoint idleReading();

  GrowthLimits growthLimits() const;

  ExitResult stop();

  /// The live processes of the target.
  ProcessTree processes();

  std::uint16_t port() const { return port_; }
  const std::vector<std::string>& command() const { return command_; }
  const std::string& executable() const { return executable_; }

  /// "; it looks like TLS ...", for the message of an error; "" when it does not.
  std::string protocolHint() const;

  /// "\nThe target's last output: ...", for the message of an error.
  std::string lastOutput() const;

 private:
  std::filesystem::path logFile() const;
  bool isReady(std::string& problem) const;
  void requireShim();
  bool doesTheWork(pid_t pid, const std::vector<pid_t>& counted);
  Activity activity();
  void recogniseNewProcesses(const std::set<pid_t>& pids);
  void collectHeaps(Checkpoint& checkpoint);
  /// The shim's counters, then the kernel's. Returns the processes that were sampled.
  ProcessTree sampleInto(Checkpoint& checkpoint);

  const ReplayOptions& options_;
  TargetSpec spec_;
  std::uint16_t port_ = 0;
  std::chrono::steady_clock::time_point end_ = std::chrono::steady_clock::time_point::max();
  std::vector<std::string> command_;
  std::string executable_;
  TemporaryDirectory temporary_;
  std::unique_ptr<ControlRegion> region_;
  std::unique_ptr<RegionReader> reader_;
  Settler settler_;
  std::map<pid_t, std::uint64_t> cpuAtFirstSight_;  ///< of processes that hold the port
  std::unique_ptr<ObjectSampler> objects_;
  std::unique_ptr<HeapCollectors> collectors_;            ///< none at Depth::none
  std::map<pid_t, std::set<RuntimeInProcess>> runtimes_;  ///< of the live processes
  std::chrono::steady_clock::time_point nextCollection_;  ///< of idleReading(), not before
  std::unique_ptr<ServerProcess> server_;                 ///< last: destroyed before its region and log
};

}  // namespace leakgate
