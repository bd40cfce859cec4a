#include "replay/load_driver.hpp"

#include <poll.h>
#include <sys/epoll.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <thread>

#include "replay/measure_error.hpp"
#include "replay/steady_time.hpp"

namespace leakgate {
namespace {

constexpr std::size_t kScratchBytes = 256U << 10;
constexpr std::size_t kShownRequests = 4;
constexpr int kMaxEvents = 256;
constexpr std::uint64_t kNsPerSecond = 1'000 * kNsPerMs;
constexpr std::uint64_t kHeartbeatNs = 100 * kNsPerMs;
// A sleeping thread wakes up late by about 50 us: shortly before a request is due, it polls.
constexpr std::uint64_t kPollNs = 100'000;

}  // namespace

LoadDriver::LoadDriver(const RequestStream& stream, DriverOptions options)
    : options_(std::move(options)), epoll_(::epoll_create1(EPOLL_CLOEXEC)), scratch_(kScratchBytes) {
  if (!epoll_) throw MeasureError(std::string("cannot make an epoll set: ") + std::strerror(errno));
  const ClientConnection::Setup setup{
      epoll_.get(), options_.port, options_.pipeline, options_.keepOpen,
      static_cast<std::uint64_t>(options_.responseTimeout.count()) * kNsPerMs};
  connections_.reserve(stream.connections());  // epoll holds their addresses
  for (unsigned k = 0; k < stream.connections(); ++k) connections_.emplace_back(k, setup, stream);
  turns_.reserve(connections_.size());
  turnsNow_.reserve(connections_.size());
}

BlockTally LoadDriver::run(std::uint64_t first, std::uint64_t count, LatencyRecorder* latency,
                           std::vector<UnexpectedResponse>& examples) {
  BlockLedger ledger(connections_.front().stream(), latency, examples);
  const std::uint64_t startNs = steadyNowNs();
  schedule_ = {startNs, first, intervalNs_};
  end_ = first + count;
  nextDue_ = schedule_.isOpenLoop() ? first : end_;
  busy_ = 0;
  reads_.restart();
  turns_.clear();
  for (ClientConnection& connection : connections_) {
    connection.startBlock(schedule_, end_, ledger);
    if (!connection.busy()) continue;
    ++busy_;
    turns_.push_back(&connection);
  }
  std::uint64_t heartbeatNs = startNs + kHeartbeatNs;
  nextCheckNs_ = heartbeatNs;
  while (busy_ > 0) {
    waitForEvents();
    sendDue();
    giveTurns();
    if (reads_.isDue(ledger.finished())) reader_(ledger.finished());
    const std::uint64_t nowNs = steadyNowNs();
    if (nowNs >= nextCheckNs_) checkDeadlines();
    if (nowNs < heartbeatNs) continue;
    heartbeatNs = nowNs + kHeartbeatNs;
    beat(ledger.finished());
  }
  BlockTally tally = ledger.takeTally();
  tally.elapsedNs = steadyNowNs() - startNs;
  return tally;
}

void LoadDriver::pace(double requestsPerSecond) {
  intervalNs_ = requestsPerSecond > 0 ? static_cast<double>(kNsPerSecond) / requestsPerSecond : 0;
}

void LoadDriver::watch(std::uint64_t every, std::function<void(std::uint64_t)> reader) {
  reads_ = Cadence(every);
  reader_ = std::move(reader);
}

// Handles events before turns, so that a connection which the server closed while idle is not used again.
void LoadDriver::waitForEvents() {
  epoll_event events[kMaxEvents];
  const std::uint64_t nowNs = steadyNowNs();
  const std::uint64_t untilNs = nextCheckNs_ > nowNs ? nextCheckNs_ - nowNs : 0;
  int timeoutMs = turns_.empty() ? static_cast<int>(untilNs / kNsPerMs + 1) : 0;
  if (nextDue_ < end_ && timeoutMs > 0) {
    waitUntilDue(nowNs);
    timeoutMs = 0;
  }
  const int ready = ::epoll_wait(epoll_.get(), events, kMaxEvents, timeoutMs);
  for (int k = 0; k < ready; ++k) {
    handle(*static_cast<ClientConnection*>(events[k].data.ptr), [&](ClientConnection& connection) {
      connection.onEvents(events[k].events, steadyNowNs(), scratch_);
    });
  }
}

// epoll_wait() counts in milliseconds, in which many requests are due.
void LoadDriver::waitUntilDue(std::uint64_t nowNs) {
  const std::uint64_t wakeNs = std::min(nextCheckNs_, schedule_.dueNs(nextDue_) - kPollNs);
  if (wakeNs <= nowNs) return;
  const std::uint64_t waitNs = wakeNs - nowNs;
  const timespec time{static_cast<time_t>(waitNs / kNsPerSecond), static_cast<long>(waitNs % kNsPerSecond)};
  pollfd events{epoll_.get(), POLLIN, 0};
  ::ppoll(&events, 1, &time, nullptr);
}

// Requests are due in the order of their numbers, which go round the connections.
void LoadDriver::sendDue() {
  const std::uint64_t nowNs = steadyNowNs();
  for (; nextDue_ < end_ && schedule_.dueNs(nextDue_) <= nowNs; ++nextDue_) {
    handle(connections_[nextDue_ % connections_.size()],
           [nowNs](ClientConnection& connection) { connection.pump(nowNs); });
  }
}

void LoadDriver::giveTurns() {
  turnsNow_.swap(turns_);
  for (ClientConnection* turn : turnsNow_) {
    handle(*turn, [](ClientConnection& connection) { connection.pump(steadyNowNs()); });
  }
  turnsNow_.clear();
}

void LoadDriver::checkDeadlines() {
  const std::uint64_t nowNs = steadyNowNs();
  nextCheckNs_ = nowNs + kHeartbeatNs;
  for (ClientConnection& connection : connections_) {
    handle(connection, [nowNs](ClientConnection& due) { due.onDeadline(nowNs); });
  }
}

template <typename Action>
void LoadDriver::handle(ClientConnection& connection, Action action) {
  const bool wasBusy = connection.busy();
  action(connection);
  if (connection.connectError() != 0) failConnect(connection.connectError());
  if (connection.takeWantsTurn()) turns_.push_back(&connection);
  if (wasBusy && !connection.busy()) --busy_;
  if (!wasBusy && connection.busy()) ++busy_;  // an idle one that the server closed
  nextCheckNs_ = std::min(nextCheckNs_, connection.deadlineNs());
}

// When the target fails, names the requests without a response: one of them is the likely cause.
void LoadDriver::beat(std::uint64_t done) const {
  if (!options_.heartbeat) return;
  try {
    options_.heartbeat(done);
  } catch (const TargetFailed& failed) {
    throw TargetFailed(failed.what() + pendingText());
  }
}

std::string LoadDriver::pendingText() const {
  std::string text;
  std::size_t count = 0;
  for (const ClientConnection& connection : connections_) {
    const auto number = connection.pendingRequest();
    if (!number || ++count > kShownRequests) continue;
    const RequestStream& stream = connection.stream();
    text += (count == 1 ? " with no response to request " : ", ") + std::to_string(*number) + " (step \"" +
            stream.step(stream.stepOf(*number)).name + "\")";
  }
  if (count > kShownRequests) text += " and " + std::to_string(count - kShownRequests) + " more";
  return text;
}

// A dying process closes its sockets before it can be waited for, and may write a core file in between: give
// the heartbeat five seconds to notice.
void LoadDriver::failConnect(int error) {
  for (int attempt = 0; attempt < 500 && options_.heartbeat; ++attempt) {
    beat(0);
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  throw TargetFailed("cannot connect to 127.0.0.1:" + std::to_string(options_.port) + ": " +
                     std::strerror(error) + "; the target runs but takes no connections" + pendingText());
}

}  // namespace leakgate
