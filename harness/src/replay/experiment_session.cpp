#include "replay/experiment_session.hpp"

#include <numeric>
#include <utility>

#include "region/region_error.hpp"
#include "replay/load_driver.hpp"
#include "replay/measured_target.hpp"

namespace leakgate {
namespace {

using Clock = std::chrono::steady_clock;

std::uint64_t totalOf(const ExperimentSize& size) {
  return std::accumulate(size.blocks.begin(), size.blocks.end(), size.warmup);
}

void requireTime(Clock::time_point deadline) {
  if (Clock::now() >= deadline) throw ExperimentTimeout("it took too long");
}

}  // namespace

ExperimentSession::ExperimentSession(const ReplayOptions& options, Progress& progress)
    : options_(options), progress_(progress) {}

ExperimentSession::~ExperimentSession() = default;

RunRecord ExperimentSession::run(const Scenario& scenario, const ExperimentSize& size,
                                 const std::string& name, std::chrono::milliseconds limit) {
  progress_.started(name, totalOf(size));
  try {
    if (!target_) {
      ++starts_;
      target_ = std::make_unique<MeasuredTarget>(scenario, options_);
      target_->waitUntilReady();
    }
    RunRecord record = measure(scenario, size, Clock::now() + limit);
    progress_.finished(name);
    return record;
  } catch (const ExperimentTimeout&) {
    progress_.finished(name);
    throw;
  } catch (const Interrupted&) {
    throw;
  } catch (const RegionError& error) {
    target_.reset();
    throw MeasureError(error.what());
  } catch (const MeasureError&) {
    target_.reset();
    progress_.finished(name);
    throw;
  }
}

void ExperimentSession::stop() {
  if (target_) target_->stop();
  target_.reset();
}

RunRecord ExperimentSession::measure(const Scenario& scenario, const ExperimentSize& size,
                                     Clock::time_point deadline) {
  RunRecord record;
  record.scenario = scenario;
  record.depth = options_.depth;
  const RequestStream stream(scenario, "127.0.0.1:" + std::to_string(target_->port()));
  std::uint64_t done = 0;
  LoadDriver driver(stream, DriverOptions{target_->port(), scenario.load.pipeline, scenario.load.keepAlive,
                                          options_.responseTimeout, [&](std::uint64_t inBlock) {
                                            target_->check();
                                            requireTime(deadline);
                                            progress_.advanced(done + inBlock);
                                          }});
  std::uint64_t measured = 0;
  const auto block = [&](const std::string& name, std::uint64_t count) {
    // Before the run: when that ends early, another attempt must not send the same keys again.
    const std::uint64_t first = std::exchange(sent_, sent_ + count);
    BlockTally tally = driver.run(first, count, nullptr, record.unexpected);
    done += count;
    Checkpoint checkpoint = target_->checkpoint();
    checkpoint.name = name;
    checkpoint.requests = measured;
    checkpoint.block = std::move(tally);
    record.checkpoints.push_back(std::move(checkpoint));
    requireTime(deadline);
  };
  block("warm", size.warmup);
  for (const std::uint64_t count : size.blocks) {
    measured += count;
    block("block " + std::to_string(record.checkpoints.size()), count);
  }
  return record;
}

double cpuNsPerRequest(const RunRecord& record) {
  const Checkpoint& warm = record.checkpoints.front();
  const Checkpoint& last = record.checkpoints.back();
  if (last.requests == 0) return 0;
  return static_cast<double>(last.process.cpuNs - warm.process.cpuNs) / static_cast<double>(last.requests);
}

}  // namespace leakgate
