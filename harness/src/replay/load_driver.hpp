// Sends the requests of a scenario over its connections.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "replay/cadence.hpp"
#include "replay/client_connection.hpp"

namespace leakgate {

struct DriverOptions {
  std::uint16_t port = 0;  ///< on 127.0.0.1
  unsigned pipeline = 1;
  bool keepOpen = true;  ///< all connections are open at the end of a block
  std::chrono::milliseconds responseTimeout{30'000};
  /// Called about ten times a second with the number of requests done in this block; throws to stop (target
  /// died, Ctrl-C).
  std::function<void(std::uint64_t)> heartbeat;
};

/// One thread, one epoll set. With keepOpen all connections are open between blocks, so that checkpoints are
/// comparable. What is sent depends on the request's number only, never on the time (request_stream.hpp).
/// Memory: fixed, whatever the number of requests. Lifetime: borrows the stream. Errors: MeasureError: no
/// response in time, or no connection.
class LoadDriver {
 public:
  LoadDriver(const RequestStream& stream, DriverOptions options);

  /// Sends requests first to first + count - 1, and waits until each has its response or was aborted.
  BlockTally run(std::uint64_t first, std::uint64_t count, LatencyRecorder* latency,
                 std::vector<UnexpectedResponse>& examples);

  /// Sends the requests of the next blocks at this rate, as SendSchedule says, each on the connection whose turn
  /// it is; where that one is still waiting for a response, the request is late, and its latency has the delay.
  /// 0: a closed loop, as fast as the server responds.
  void pace(double requestsPerSecond);

  /// Calls `reader` each time `every` more requests of a block are done, without stopping the load; 0: never.
  void watch(std::uint64_t every, std::function<void(std::uint64_t)> reader);

 private:
  void waitForEvents();
  void waitUntilDue(std::uint64_t nowNs);
  void sendDue();
  void giveTurns();
  void checkDeadlines();
  template <typename Action>
  void handle(ClientConnection& connection, Action action);
  void beat(std::uint64_t done) const;
  std::string pendingText() const;
  [[noreturn]] void failConnect(int error);

  DriverOptions options_;
  Descriptor epoll_;
  std::vector<ClientConnection> connections_;
  std::vector<ClientConnection*> turns_;  ///< those that want to send, next time round
  std::vector<ClientConnection*> turnsNow_;
  std::vector<char> scratch_;
  std::size_t busy_ = 0;
  double intervalNs_ = 0;  ///< of the next blocks
  SendSchedule schedule_;
  std::uint64_t nextDue_ = 0;  ///< in an open loop: number of the next request that is not due yet
  std::uint64_t end_ = 0;
  std::uint64_t nextCheckNs_ = 0;
  Cadence reads_;
  std::function<void(std::uint64_t)> reader_;
};

}  // namespace leakgate
