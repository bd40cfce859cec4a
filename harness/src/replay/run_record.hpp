// Everything that one replay observed, not judged yet. Written by replay/, read by analysis/ and report/.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "region/process_file.hpp"
#include "region/snapshot.hpp"
#include "replay/managed_heap.hpp"
#include "replay/resident_memory.hpp"
#include "scenario/scenario.hpp"

namespace leakgate {

/// How much is recorded per block, less to more.
enum class Depth { none, count, sites, stacks };

/// Objects of one kind that the kernel keeps for the target.
struct ObjectAmount {
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;

  friend bool operator==(const ObjectAmount&, const ObjectAmount&) = default;
};
using ObjectAmounts = std::map<ResourceKind, ObjectAmount>;  ///< a kind without objects may be absent

/// One of the target's processes.
struct ProcessRow {
  std::int64_t pid = 0;
  std::uint64_t startTicks = 0;  ///< detects a reused pid
  std::uint64_t descriptors = 0;
  std::uint64_t threads = 0;
  std::uint64_t mappings = 0;
};

/// The kernel's figures of the target's processes, summed.
struct ProcessSample {
  std::uint64_t rssBytes = 0;
  std::uint64_t mappedBytes = 0;  ///< address space, the shim's own included
  std::uint64_t mappings = 0;     ///< lines of /proc/PID/maps
  std::uint64_t descriptors = 0;  ///< entries of /proc/PID/fd
  std::uint64_t threads = 0;
  std::uint64_t processes = 0;
  std::uint64_t cpuNs = 0;        ///< time on a processor so far, user and system
  std::uint64_t systemCpuNs = 0;  ///< of it, in the kernel: to some 10 ms
  std::uint64_t minorFaults = 0;  ///< pages mapped so far without reading a disk
  std::uint64_t majorFaults = 0;  ///< pages read from a disk so far
  std::uint64_t zombies = 0;      ///< ended children that their parent has not waited for
  ObjectAmounts objects{};        ///< of the kinds from `sharedMemory` on
  std::vector<ProcessRow> rows{};
  std::map<std::string, std::uint64_t> openFiles{};        ///< bytes of open regular files, by path
  std::map<std::string, std::uint64_t> descriptorTypes{};  ///< "TCP socket in CLOSE_WAIT": 400
  ResidentMemory resident{};
  std::map<std::int64_t, ContextSwitches> switches{};  ///< so far, by thread; at checkpoints only
};

/// The client's counts of one block of requests.
struct BlockTally {
  std::uint64_t requests = 0;  ///< sent whole, or up to the step's abort
  std::uint64_t responses = 0;
  std::uint64_t connectionsOpened = 0;
  std::uint64_t unexpected = 0;  ///< responses that differ from `expect`, or that never arrived
  std::map<int, std::uint64_t> statuses;
  std::vector<std::uint64_t> byStep;  ///< requests per step, in the scenario's order
  std::uint64_t elapsedNs = 0;
};

/// A reading at a moment without a request in flight, when the target's counters stood still, or moved only
/// at the target's own rate.
struct Checkpoint {
  std::string name;            ///< "warm", "block 1" ...
  std::uint64_t requests = 0;  ///< measured requests so far, 0 at "warm"
  BlockTally block;            ///< requests since the previous checkpoint
  MemorySnapshot memory;
  ProcessSample process;
  std::set<RuntimeInProcess> runtimes;  ///< of the target's processes
  ManagedHeaps heaps;                   ///< heaps that could be collected; read before `memory`
  std::uint64_t atNs = 0;               ///< when it was read, by the steady clock
  bool settled = false;                 ///< quiet for 50 ms, or steady
  bool steady = false;  ///< the target's own activity (timer, heartbeat) continues at a steady rate
  double idleEventsPerSecond = 0;  ///< that rate: allocations, frees, descriptors, threads; 0 when quiet
  std::uint64_t settleNs = 0;
};

/// CPU time of the target's processes for some successive requests of a block.
struct CpuSlice {
  std::uint64_t end = 0;       ///< measured requests so far at its end
  std::uint64_t requests = 0;  ///< done in it, at least 1
  std::uint64_t cpuNs = 0;     ///< more than 0
};

/// Latency in one of kWindows equal parts of the measured requests. Times in nanoseconds, per request.
struct LatencyWindow {
  std::uint64_t requests = 0;
  double meanNs = 0;
  double p50Ns = 0;
  double p99Ns = 0;
};
inline constexpr std::size_t kLatencyWindows = 80;

struct LatencySummary {
  std::uint64_t requests = 0;
  double meanNs = 0, p50Ns = 0, p90Ns = 0, p99Ns = 0, p999Ns = 0, maxNs = 0;
};

/// The same for one step: over all its measured requests, and over kStepWindows parts if it has enough.
struct StepLatency {
  std::size_t step = 0;  ///< its place in the scenario
  LatencySummary all;
  std::vector<LatencyWindow> windows;
};
inline constexpr std::size_t kStepWindows = 20;

/// An unexpected response, kept as an example (the first few only).
struct UnexpectedResponse {
  std::string step;
  std::uint64_t request = 0;  ///< running number {i}
  std::string what;           ///< "status 500, expected 200"
};

/// How much growth the target and the machine can take; beyond it the target would fail, and nothing more
/// would be learnt.
struct GrowthLimits {
  std::uint64_t bytes = 1ULL << 30;
  std::uint64_t mappings = 32'000;
  std::uint64_t descriptors = 500;
  std::uint64_t threads = 1'000;
  std::uint64_t processes = 1'000;
};

/// Why growth was not followed any longer.
enum class LookEnd { decided, requests, time, safety };

/// Why a replay ended.
enum class RunEnd { whole, targetFailed, outOfTime, interrupted };
/// The stack of a running thread of the target.
struct StackSample {
  std::size_t block = 0;             ///< number of the checkpoint that ends the block: 1 is the first
  bool inSystemCall = false;         ///< false on processors other than x86-64, where it is unknown
  std::vector<CodeLocation> frames;  ///< return addresses, innermost first; the first is pc plus one byte
};

struct RunRecord {
  Scenario scenario;  ///< after command line overrides
  Depth depth = Depth::sites;
  std::vector<std::string> command;     ///< argv as started
  std::string targetExecutable;         ///< resolved path
  std::string startedAt;                ///< RFC 3339, UTC
  std::vector<Checkpoint> checkpoints;  ///< first is "warm"
  std::optional<Checkpoint> start;      ///< a reading before the first request, without waiting
  std::vector<Checkpoint> samples;      ///< readings within added blocks, without stopping the load
  std::vector<CpuSlice> cpuSlices;      ///< of all blocks, ascending
  std::vector<Checkpoint> idle;         ///< readings without requests after the last of `checkpoints`
  std::vector<Checkpoint> rests;  ///< after a cool-down; `block` has the requests since the previous one
  GrowthLimits limits;
  LookEnd lookEnd = LookEnd::decided;
  std::vector<LatencyWindow> windows;
  LatencySummary latency;
  LatencySummary openLoop;  ///< of ReplayOptions::openLoop, each latency from when the request was due
  std::vector<StepLatency>
      stepLatency;  ///< of scenarios with several steps, the most frequent kMaxTimedSteps
  std::map<std::string, double>
      appMetricsWarm;  ///< flattened numbers of target.metrics: "event_pool.acquired"
  std::map<std::string, double> appMetricsLast;
  std::vector<UnexpectedResponse> unexpected;
  RunEnd end = RunEnd::whole;  ///< other than whole: has the checkpoints up to then
  std::string
      endReason;  ///< what ended it early; the first line is a sentence, the target's output may follow
  std::vector<StackSample> stackSamples;  ///< only with ReplayOptions::samplesStacks
  unsigned extensions = 0;                ///< blocks added because something was still rising
  int exitStatus = 0;                     ///< of the target when asked to stop: exit code, or 128 + signal
  bool drained = false;                   ///< it ended by itself within the drain deadline after SIGTERM
};

}  // namespace leakgate
