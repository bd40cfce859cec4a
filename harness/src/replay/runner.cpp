#include "replay/runner.hpp"

#include <time.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <thread>

#include "region/region_error.hpp"
#include "replay/app_metrics.hpp"
#include "replay/cadence.hpp"
#include "replay/cpu_slicer.hpp"
#include "replay/measured_target.hpp"
#include "replay/phase.hpp"
#include "replay/request_sender.hpp"
#include "replay/stack_sampler.hpp"
#include "scenario/limits.hpp"

namespace leakgate {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::array<std::uint64_t, 4> kBlockUnitsEach{1, 1, 2, 4};

// Blocks that are added even on a slow machine: the verdict must not depend on its speed.
constexpr unsigned kSureExtensions = 2;

// Readings within an added block: one per sixteenth of the planned requests, up to a maximum.
constexpr std::uint64_t kSamplesEach = 16;
constexpr std::uint64_t kMaxSamplesEach = 64;

// Intervals of readings while idle: shorter at first.
constexpr std::chrono::milliseconds kIdleReading{50};
constexpr std::chrono::milliseconds kMaxIdleReading{2'000};
constexpr int kIdleReadingsEach = 6;

void add(BlockTally& sum, const BlockTally& part) {
  sum.requests += part.requests;
  sum.responses += part.responses;
  sum.connectionsOpened += part.connectionsOpened;
  sum.unexpected += part.unexpected;
  sum.elapsedNs += part.elapsedNs;
  for (const auto& [status, count] : part.statuses) sum.statuses[status] += count;
  sum.byStep.resize(std::max(sum.byStep.size(), part.byStep.size()));
  for (std::size_t step = 0; step < part.byStep.size(); ++step) sum.byStep[step] += part.byStep[step];
}

std::string utcNow() {
  const time_t now = ::time(nullptr);
  tm parts{};
  ::gmtime_r(&now, &parts);
  char text[32];
  return {text, ::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

// One replay. Members are destroyed in reverse order: connections before the target.
class Replay {
 public:
  Replay(const Scenario& scenario, const ReplayOptions& options, Progress& progress)
      : options_(options),
        progress_(progress),
        latency_(scenario),
        slicer_(scenario.load.requests, record_.cpuSlices) {
    record_.scenario = scenario;
    record_.depth = options.depth;
  }

  RunRecord execute() {
    start();
    try {
      try {
        measure();
      } catch (const EndedEarly& early) {
        endEarly(early);
      }
      stop();
    } catch (const EndedEarly&) {
      throw;
    } catch (const std::runtime_error& error) {
      throw MeasureError(error.what() + target_->lastOutput());
    }
    return std::move(record_);
  }

 private:
  // With at least one measured block, what was measured is kept. Watching growth for longer was not planned,
  // so its early end is no failure. Without a block, the caller gets the exception: it may have more from
  // other replays.
  void endEarly(const EndedEarly& early) {
    const bool interrupted = dynamic_cast<const Interrupted*>(&early) != nullptr;
    const bool failed = dynamic_cast<const TargetFailed*>(&early) != nullptr;
    if (record_.checkpoints.size() < 2) {
      if (interrupted) throw;
      if (failed) throw TargetFailed(early.what() + target_->lastOutput());
      throw OutOfTime(std::string(early.what()) +
                      " before the first block of requests had ended, so there is nothing to report; give it "
                      "more time, or fewer requests (--requests, --warmup)");
    }
    summarise();
    if (!interrupted && !failed && plannedDone_) {
      record_.lookEnd = LookEnd::time;
      return;
    }
    record_.end = interrupted ? RunEnd::interrupted : failed ? RunEnd::targetFailed : RunEnd::outOfTime;
    record_.endReason = early.what();
    if (failed) record_.endReason += target_->lastOutput();
  }

  void start() {
    const Phase phase(progress_, "start");
    record_.startedAt = utcNow();
    target_ = std::make_unique<MeasuredTarget>(record_.scenario, options_);
    record_.command = target_->command();
    record_.targetExecutable = target_->executable();
  }

  void measure() {
    const LoadSpec& load = record_.scenario.load;
    if (options_.samplesStacks) sampler_ = std::make_unique<StackSampler>();
    target_->waitUntilReady();
    record_.start = target_->reading();
    record_.limits = target_->growthLimits();
    sender_ = std::make_unique<RequestSender>(record_.scenario, *target_, options_, progress_);
    BlockTally warmup = send("warm-up", load.warmup, nullptr);
    record_.appMetricsWarm = readMetrics();
    addCheckpoint("warm", std::move(warmup));
    requireResponses();
    for (const std::uint64_t units : kBlockUnitsEach)
      runBlock(units * load.requests / kBlockUnits, &latency_);
    summarise();
    record_.appMetricsLast = readMetrics();
    measureOpenLoop();
    plannedDone_ = true;
    if (options_.followUntil) target_->endAt(*options_.followUntil);
    addBlocks();
    if (options_.steering.wantsCoolDown && options_.steering.wantsCoolDown(record_)) restUntilGivenBack();
  }

  void summarise() {
    record_.latency = latency_.summary();
    record_.windows = latency_.windows();
    record_.stepLatency = latency_.steps();
  }

  void measureOpenLoop() {
    const auto& [requests, rate] = options_.openLoop;
    if (requests == 0) return;
    LatencyRecorder latency(record_.scenario.load.warmup + sender_->measured(), requests);
    sender_->pace(rate);
    send("open loop", requests, &latency);
    sender_->pace(0);
    record_.openLoop = latency.summary();
  }

  void addBlocks() {
    if (!options_.steering.nextBlock) return;
    const Clock::time_point start = Clock::now();
    for (;;) {
      const NextBlock next = options_.steering.nextBlock(record_);
      record_.lookEnd = next.end;
      if (next.requests == 0) return;
      const auto end = Clock::now() + timeFor(next.requests);
      const bool late = end - start > options_.addedBlocksTime && record_.extensions >= kSureExtensions;
      if (late || !mayFollowUntil(end)) {
        record_.lookEnd = LookEnd::time;
        return;
      }
      ++record_.extensions;
      runSampledBlock(next.requests);
    }
  }

  // At the speed of the last block.
  Clock::duration timeFor(std::uint64_t requests) const {
    const BlockTally& last = record_.checkpoints.back().block;
    const double nsEach =
        static_cast<double>(last.elapsedNs) / static_cast<double>(std::max<std::uint64_t>(last.requests, 1));
    return std::chrono::nanoseconds(std::llround(nsEach * static_cast<double>(requests)));
  }

  bool before(Clock::time_point end) const { return !options_.deadline || end <= *options_.deadline; }

  bool mayFollowUntil(Clock::time_point end) const {
    return before(end) && (!options_.followUntil || end <= *options_.followUntil);
  }

  void runSampledBlock(std::uint64_t count) {
    const std::uint64_t planned = record_.scenario.load.requests;
    const std::uint64_t every = std::max<std::uint64_t>({planned / kSamplesEach, count / kMaxSamplesEach, 1});
    samples_ = Cadence(every);
    runBlock(count, nullptr);
    samples_ = Cadence();
  }

  void readWithin(std::uint64_t doneInBlock) {
    slicer_.read(doneInBlock);
    if (samples_.isDue(doneInBlock)) addSample(doneInBlock);
  }

  void addSample(std::uint64_t doneInBlock) {
    record_.samples.push_back(target_->reading());
    record_.samples.back().requests = record_.checkpoints.back().requests + doneInBlock;
  }

  // A cool-down; where something remains, rounds of requests, each with another cool-down of the same length.
  void restUntilGivenBack() {
    const Clock::time_point start = Clock::now();
    watchIdle();
    const Clock::duration taken = Clock::now() - start;
    BlockTally all;
    for (const Checkpoint& checkpoint : record_.checkpoints) add(all, checkpoint.block);
    addRest(std::move(all));
    for (;;) {
      const auto [count, rests] = options_.steering.nextRound(record_);
      if (count == 0) return;
      if (!mayFollowUntil(Clock::now() + timeFor(count) + (rests ? taken : Clock::duration()))) {
        record_.lookEnd = LookEnd::time;
        return;
      }
      BlockTally tally = send("round " + std::to_string(record_.rests.size()), count, nullptr);
      if (rests) {
        const Phase phase(progress_, "cool-down");
        pause(taken);
      }
      addRest(std::move(tally));
    }
  }

  void watchIdle() {
    const Phase phase(progress_, "cool-down");
    const Clock::time_point start = Clock::now();
    do {
      const Clock::duration passed = Clock::now() - start;
      pause(std::clamp<Clock::duration>(passed / kIdleReadingsEach, kIdleReading, kMaxIdleReading));
      record_.idle.push_back(target_->idleReading());
    } while (mayFollowUntil(Clock::now()) && options_.steering.keepsWaiting(record_));
  }

  void pause(Clock::duration time) {
    const Clock::time_point end = Clock::now() + time;
    for (auto now = Clock::now(); now < end; now = Clock::now()) {
      target_->check();
      std::this_thread::sleep_for(std::min<Clock::duration>(end - now, kIdleReading));
    }
  }

  void addRest(BlockTally tally) {
    Checkpoint rest = target_->checkpoint();
    rest.name = "cool-down " + std::to_string(record_.rests.size() + 1);
    rest.requests = sender_->measured();
    rest.block = std::move(tally);
    record_.rests.push_back(std::move(rest));
  }

  BlockTally send(const std::string& name, std::uint64_t count, LatencyRecorder* latency) {
    return sender_->send(name, count, latency, record_.unexpected);
  }

  void runBlock(std::uint64_t count, LatencyRecorder* latency) {
    const std::size_t number = record_.checkpoints.size();
    const std::string name = "block " + std::to_string(number);
    target_->setEpoch(static_cast<std::uint32_t>(number));
    if (sampler_) sampler_->sample(target_->processes().running, number);
    slicer_.begin(record_.checkpoints.back(), count);
    sender_->watch(slicer_.size(), [this](std::uint64_t done) { readWithin(done); });
    BlockTally tally = send(name, count, latency);
    sender_->watch(0, nullptr);
    if (sampler_) sampler_->pause();
    addCheckpoint(name, std::move(tally));
    if (number == 1) requireResponses();
  }

  // Recognises a server of another protocol at the first block, not after all of them.
  void requireResponses() {
    const auto& tally = record_.checkpoints.back().block;
    const auto& steps = record_.scenario.steps;
    std::uint64_t awaited = 0;
    for (std::size_t k = 0; k < steps.size(); ++k) awaited += steps[k].expect ? tally.byStep[k] : 0;
    if (tally.responses > 0 || awaited == 0) return;
    sender_.reset();  // a server that serves one connection at a time must be free for protocolHint()
    throw MeasureError("the target responded to none of the " + std::to_string(awaited) +
                       " requests of the " + (record_.checkpoints.size() == 1 ? "warm-up" : "first block") +
                       (record_.unexpected.empty() ? "" : ": " + record_.unexpected.front().what) +
                       target_->protocolHint());
  }

  void addCheckpoint(const std::string& name, BlockTally tally) {
    const Phase phase(progress_, "settle");
    Checkpoint checkpoint = target_->checkpoint();
    checkpoint.name = name;
    checkpoint.requests = sender_->measured();
    checkpoint.block = std::move(tally);
    // Searching the kernel's list of sockets takes longer than the rest of a checkpoint.
    const std::size_t number = record_.checkpoints.size();
    if (number == 0 || number == kBlockUnitsEach.size()) target_->requireCounted();
    const std::uint64_t dropped = checkpoint.memory.audit.eventsDropped;
    record_.checkpoints.push_back(std::move(checkpoint));
    if (dropped != 0) {
      throw MeasureError("the shim could not count " + std::to_string(dropped) + " events up to " + name +
                         "; what it says would be wrong");
    }
  }

  std::map<std::string, double> readMetrics() {
    const std::string& path = record_.scenario.target.metrics;
    return path.empty() ? std::map<std::string, double>()
                        : readAppMetrics(target_->port(), path, options_.responseTimeout);
  }

  void stop() {
    const Phase phase(progress_, "stop");
    sender_.reset();
    if (sampler_) record_.stackSamples = sampler_->take();
    const ExitResult result = target_->stop();
    record_.exitStatus = result.status;
    record_.drained = result.drained;
  }

  const ReplayOptions& options_;
  Progress& progress_;
  RunRecord record_;
  LatencyRecorder latency_;
  CpuSlicer slicer_;
  Cadence samples_;           ///< of full readings within the block
  bool plannedDone_ = false;  ///< further blocks only watch growth
  std::unique_ptr<MeasuredTarget> target_;
  std::unique_ptr<RequestSender> sender_;
  std::unique_ptr<StackSampler> sampler_;  ///< last: releases the target before that ends
};

}  // namespace

RunRecord replay(const Scenario& scenario, const ReplayOptions& options, Progress& progress) {
  try {
    return Replay(scenario, options, progress).execute();
  } catch (const RegionError& error) {
    throw MeasureError(error.what());
  } catch (const std::filesystem::filesystem_error& error) {
    throw MeasureError(error.what());
  }
}

}  // namespace leakgate
