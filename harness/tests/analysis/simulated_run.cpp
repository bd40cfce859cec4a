#include "simulated_run.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include "record_builder.hpp"

namespace leakgate {

namespace {

constexpr double kSettleSeconds = 0.05;
constexpr std::int64_t kBlockBytes = 48;

constexpr std::uint64_t kManagedObjects = 7;
constexpr std::uint64_t kManagedObjectBytes = 40;
constexpr std::uint64_t kJitterObjects = 200;
constexpr double kCodeObjects = 3'000;    // compiled over time, and caches
constexpr double kCodeRequests = 4'000;   // after which most of them are there
constexpr double kCollectionSeconds = 1;  // between readings with a collection, while idle
constexpr std::uint64_t kBootObjects = 80'000;

// The phases of runner.cpp.
class Simulation {
 public:
  Simulation(Model& model, const SimulatedLoad& load, const Steering& steering)
      : model_(model), load_(load), steering_(steering), jitter_(load.jitterSeed) {
    record_ = RecordBuilder(std::vector<std::uint64_t>{}).record();
    record_.checkpoints.clear();
    record_.scenario.load.warmup = load.warmup;
    record_.scenario.load.requests = load.requests;
    record_.scenario.steps = {RecordBuilder::step("visit")};
  }

  RunRecord run() {
    record_.start = reading();
    record_.checkpoints.push_back(block("warm", load_.warmup, 0));
    for (const std::uint64_t units : {1U, 1U, 2U, 4U}) addBlock(units * load_.requests / 8, 0);
    while (steering_.nextBlock) {
      const NextBlock next = steering_.nextBlock(record_);
      record_.lookEnd = next.end;
      if (next.requests == 0) break;
      ++record_.extensions;
      addBlock(next.requests, std::max(load_.requests / 16, next.requests / 64));
    }
    if (steering_.wantsCoolDown && steering_.wantsCoolDown(record_)) rest();
    return std::move(record_);
  }

 private:
  void addBlock(std::uint64_t count, std::uint64_t every) {
    record_.checkpoints.push_back(block("block " + std::to_string(record_.checkpoints.size()), count, every));
  }

  Checkpoint block(const std::string& name, std::uint64_t count, std::uint64_t every) {
    for (std::uint64_t n = 1; n <= count; ++n) {
      model_.request();
      pass(1 / load_.perSecond);
      ++sent_;
      if (every == 0 || n % every != 0) continue;
      record_.samples.push_back(reading());
    }
    pass(settleSeconds());
    Checkpoint checkpoint = collected();
    checkpoint.name = name;
    checkpoint.block.requests = checkpoint.block.responses = count;
    checkpoint.block.byStep = {count};
    return checkpoint;
  }

  void rest() {
    const double start = seconds_;
    double collectedAt = start;
    do {
      pass(std::clamp((seconds_ - start) / 6, 0.05, 2.0));
      const bool collects = seconds_ - collectedAt >= kCollectionSeconds;
      if (collects) collectedAt = seconds_;
      record_.idle.push_back(collects ? collected() : reading());
    } while (steering_.keepsWaiting(record_));
    const double taken = seconds_ - start;
    Checkpoint first = collected();
    first.block.requests = sent_;
    first.block.byStep = {sent_};
    record_.rests.push_back(first);
    for (;;) {
      const auto [count, rests] = steering_.nextRound(record_);
      if (count == 0) return;
      Checkpoint worked = block("", count, 0);
      if (rests) pass(taken);
      Checkpoint after = collected();
      after.block = worked.block;
      record_.rests.push_back(after);
    }
  }

  void pass(double seconds) {
    seconds_ += seconds;
    model_.pass(seconds);
  }

  // A collection takes its time, which differs.
  double settleSeconds() {
    constexpr unsigned kMaxTimes = 30;
    return load_.runtime ? kSettleSeconds * static_cast<double>(1 + jitter_() % kMaxTimes) : kSettleSeconds;
  }

  // A reading after a collection.
  Checkpoint collected() {
    Checkpoint now = reading();
    if (!load_.runtime) return now;
    const Runtime runtime = *load_.runtime;
    now.runtimes = {{runtime, "/usr/bin/runtime"}};
    const double code = kCodeObjects * (1 - std::exp(-static_cast<double>(sent_) / kCodeRequests));
    const std::uint64_t objects = kBootObjects + static_cast<std::uint64_t>(code) +
                                  jitter_() % kJitterObjects +
                                  kManagedObjects * static_cast<std::uint64_t>(model_.live());
    ManagedHeap& heap = now.heaps[runtime];
    heap.heaps = 1;
    if (runtime != Runtime::cpython) heap.live.bytes = kManagedObjectBytes * objects;
    if (runtime != Runtime::node) heap.live.blocks = objects;
    return now;
  }

  Checkpoint reading() const {
    Checkpoint reading;
    reading.requests = sent_ - std::min(sent_, load_.warmup);
    reading.atNs = static_cast<std::uint64_t>(seconds_ * 1e9);
    SiteRow row;
    row.caller = RecordBuilder::at(0x1000);
    const std::int64_t live = load_.runtime ? 0 : model_.live();
    row.allocations = sent_ + static_cast<std::uint64_t>(std::max<std::int64_t>(live, 0));
    row.frees = row.allocations - static_cast<std::uint64_t>(live);
    row.allocatedBytes = row.allocations * kBlockBytes;
    row.freedBytes = row.frees * kBlockBytes;
    SiteRow table;
    table.caller = RecordBuilder::at(0x2000);
    table.allocations = 1;
    table.allocatedBytes = static_cast<std::uint64_t>(model_.tableBytes());
    reading.memory.sites = {row, table};
    reading.memory.totals = {row.allocations + 1, row.frees, row.allocatedBytes + table.allocatedBytes,
                             row.freedBytes};
    reading.memory.consistent = reading.settled = true;
    reading.process = {.rssBytes = 1 << 20, .mappings = 30, .descriptors = 9, .threads = 2, .processes = 1};
    return reading;
  }

  Model& model_;
  SimulatedLoad load_;
  const Steering& steering_;
  RunRecord record_;
  std::mt19937_64 jitter_;
  std::uint64_t sent_ = 0;
  double seconds_ = 0;
};

}  // namespace

RunRecord simulate(Model& model, const SimulatedLoad& load, const Steering& steering) {
  return Simulation(model, load, steering).run();
}

}  // namespace leakgate
