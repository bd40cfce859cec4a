// What the sessions of one worker share.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include "app/dispatcher.hpp"
#include "app/worker_services.hpp"
#include "protocol/limits.hpp"
#include "protocol/response_prefix.hpp"
#include "session/clock.hpp"

namespace h3::session {

/// The app, the pools, the bounds and the time, for all sessions of a worker.
///
/// Lifetime: what the constructor takes must outlive it.
/// Threads: one owner.
class SessionContext {
 public:
  SessionContext(const Config& settings, const Dispatcher& appDispatcher, const Monitor& monitor,
                 WorkerCounters& counters);
  SessionContext(const SessionContext&) = delete;
  SessionContext& operator=(const SessionContext&) = delete;

  const Config& config;
  const Dispatcher& dispatcher;
  const protocol::Limits limits;
  WorkerServices services;
  Clock clock;

  /// The start that all responses have in common, with the date as of clock. Valid until the next call.
  const protocol::ResponsePrefix& responsePrefix() {
    if (clock.ns() >= prefixEndsNs_) [[unlikely]]
      renewResponsePrefix();
    return prefix_;
  }
  /// Reads the wall clock again: it may have been set.
  void followWallClock() {
    clock.followWallClock();
    prefixEndsNs_ = 0;
  }

  /// A response within a batch: the batch records its latency.
  void countResponse() { ++responsesInBatch_; }
  /// Since the last call.
  std::uint64_t takeResponseCount() { return std::exchange(responsesInBatch_, 0); }
  bool hasResponses() const { return responsesInBatch_ != 0; }
  /// A response outside of any batch.
  void recordLatency(const Event& event) { services.counters.latency.record(clock.ns() - event.startedNs()); }

 private:
  void renewResponsePrefix();

  protocol::ResponsePrefix prefix_;
  std::uint64_t prefixEndsNs_ = 0;  ///< ns() from which it would show the wrong second
  std::uint64_t responsesInBatch_ = 0;
};

}  // namespace h3::session
