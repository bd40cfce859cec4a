// One replay of a scenario, from the target's start to its end.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "replay/measure_error.hpp"
#include "replay/progress.hpp"
#include "replay/run_record.hpp"
#include "replay/steering.hpp"

namespace leakgate {

/// A block in which requests are sent at a rate, whether or not the server keeps up; see SendSchedule.
struct OpenLoop {
  std::uint64_t requests = 0;  ///< 0: no such block
  double requestsPerSecond = 0;
};

struct ReplayOptions {
  Depth depth = Depth::sites;
  std::string stackFilter;                ///< at Depth::stacks: unwinds only these places; "": all
  std::filesystem::path shimLibrary;      ///< not used at Depth::none
  std::filesystem::path binDirectory;     ///< value of {bin}
  std::vector<std::string> wrapper = {};  ///< command that starts the target's: a tracer; see startThrough()
  std::filesystem::path keepDirectory;    ///< when given, the target's log is left here as target.log

  std::chrono::milliseconds readyTimeout{10'000};
  std::chrono::milliseconds responseTimeout{30'000};
  std::chrono::milliseconds settleTimeout{5'000};
  std::chrono::milliseconds drainTimeout{5'000};

  OpenLoop openLoop;                         ///< follows the planned blocks, and is in no checkpoint
  Steering steering;                         ///< decides what follows the planned blocks; by default nothing
  std::chrono::seconds addedBlocksTime{90};  ///< from the third on, no block is added beyond this

  /// When the replay ends, wherever it is. No optional part is started that would end after this moment.
  std::optional<std::chrono::steady_clock::time_point> deadline;
  /// When the part after the planned blocks ends, if earlier than the deadline.
  std::optional<std::chrono::steady_clock::time_point> followUntil = {};
  bool samplesStacks = false;  ///< fills RunRecord::stackSamples, where the kernel allows tracing the target

  std::stop_token stop;  ///< Ctrl-C
};

/// Starts the target, warms it up, and measures blocks of N, N, 2N, 4N requests (N = an eighth of
/// load.requests), with a checkpoint of the target's counters before the first and after each, taken when it
/// stands still.
///
/// Phases: start, ready, warm-up, read metrics, settle, checkpoint "warm"; per block: new epoch, requests,
/// settle, checkpoint "block K"; read metrics; then what options.steering asks for: added blocks, a cool-down
/// without requests, rounds of both; stop. Latencies are of the planned blocks. The two readings of metrics
/// are outside of the checkpoints. Threads: the calling thread must outlive the target: the kernel ends the
/// target when it ends. Memory: fixed, whatever the number of requests. Output: none. A failing target, a
/// deadline or a request to stop ends the record early, once a block was measured; before that it is an
/// error: TargetFailed, OutOfTime or Interrupted. Errors: MeasureError (exit code 3), InputError for a
/// command that cannot be started (exit code 2).
RunRecord replay(const Scenario& scenario, const ReplayOptions& options, Progress& progress);

}  // namespace leakgate
