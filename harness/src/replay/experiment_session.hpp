// Short, exact runs against one running target.
#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "replay/runner.hpp"

namespace leakgate {

class MeasuredTarget;

/// How many requests an experiment sends: first some uncounted ones, then blocks with a checkpoint after
/// each.
struct ExperimentSize {
  std::uint64_t warmup = 48;
  std::vector<std::uint64_t> blocks{100, 100, 200};
};

/// An experiment took longer than its limit; the session can continue.
class ExperimentTimeout : public MeasureError {
 public:
  using MeasureError::MeasureError;
};

/// Runs one small scenario after the other against the same target process, and restarts it only after an
/// error: each block is measured between checkpoints, so its growth is exact whatever happened before. The
/// running number {i} continues from one experiment to the next, so that new keys stay new.
///
/// All scenarios must have the target of the first. Lifetime: borrows the options. Threads: one owner, which
/// must outlive it. Memory: of one target, and the checkpoints of one experiment.
class ExperimentSession {
 public:
  ExperimentSession(const ReplayOptions& options, Progress& progress);
  ~ExperimentSession();
  ExperimentSession(const ExperimentSession&) = delete;
  ExperimentSession& operator=(const ExperimentSession&) = delete;

  /// The record has the checkpoints "warm", "block 1" ... and no latencies. `name` is the phase's name.
  /// Errors: ExperimentTimeout after `limit`; MeasureError when the target died or does not respond;
  /// Interrupted; InputError as replay().
  RunRecord run(const Scenario& scenario, const ExperimentSize& size, const std::string& name,
                std::chrono::milliseconds limit);

  /// Asks the target to end and waits, as at the end of a replay; otherwise it is killed.
  void stop();

  unsigned starts() const { return starts_; }  ///< of the target, so far

 private:
  RunRecord measure(const Scenario& scenario, const ExperimentSize& size,
                    std::chrono::steady_clock::time_point deadline);

  const ReplayOptions& options_;
  Progress& progress_;
  std::unique_ptr<MeasuredTarget> target_;
  std::uint64_t sent_ = 0;
  unsigned starts_ = 0;
};

/// CPU time of the target per request, from the first checkpoint to the last, in nanoseconds; 0 without
/// requests.
double cpuNsPerRequest(const RunRecord& record);

}  // namespace leakgate
