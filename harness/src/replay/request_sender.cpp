#include "replay/request_sender.hpp"

#include <utility>

#include "replay/phase.hpp"
#include "scenario/limits.hpp"

namespace leakgate {

RequestSender::RequestSender(const Scenario& scenario, MeasuredTarget& target, const ReplayOptions& options,
                             Progress& progress)
    : load_(scenario.load),
      options_(options),
      progress_(progress),
      stream_(scenario, "127.0.0.1:" + std::to_string(target.port())),
      driver_(stream_, DriverOptions{target.port(), load_.pipeline, load_.keepAlive, options.responseTimeout,
                                     [&target, &progress](std::uint64_t done) {
                                       target.check();
                                       progress.advanced(done);
                                     }}) {}

BlockTally RequestSender::send(const std::string& name, std::uint64_t count, LatencyRecorder* latency,
                               std::vector<UnexpectedResponse>& unexpected) {
  const Phase phase(progress_, name, count);
  BlockTally tally = driver_.run(sent_, count, latency, unexpected);
  sent_ += count;
  sendingNs_ += tally.elapsedNs;
  estimate();
  progress_.advanced(count);
  return tally;
}

void RequestSender::watch(std::uint64_t every, std::function<void(std::uint64_t)> reader) {
  driver_.watch(every, std::move(reader));
}

// Estimates by the time that requests have taken so far.
void RequestSender::estimate() {
  const std::uint64_t planned = load_.warmup + load_.requests;
  if (sent_ == 0 || sent_ >= planned) return;
  const auto perRequest = std::chrono::duration<double, std::nano>(sendingNs_) / static_cast<double>(sent_);
  const auto left =
      std::chrono::ceil<std::chrono::seconds>(perRequest * static_cast<double>(planned - sent_));
  progress_.estimated(left);
  if (warned_ || !options_.deadline || std::chrono::steady_clock::now() + left < *options_.deadline) return;
  warned_ = true;
  progress_.noted("the requests that are left take about " + std::to_string(left.count()) +
                  " s, more than --max-seconds leaves: the run will end early, " +
                  (reachesABlock(perRequest) ? "with a partial report"
                                             : "perhaps before its first block, and then without a report"));
}

bool RequestSender::reachesABlock(std::chrono::duration<double, std::nano> perRequest) const {
  const std::uint64_t needed = load_.warmup + load_.requests / kBlockUnits;
  if (sent_ >= needed) return true;
  constexpr std::chrono::seconds kCheckpoints{1};  // two, each until the target stands still
  const auto left = perRequest * static_cast<double>(needed - sent_);
  return std::chrono::steady_clock::now() + kCheckpoints + left <= *options_.deadline;
}

}  // namespace leakgate
