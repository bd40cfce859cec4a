#include "server/worker.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <span>
#include <utility>

#include "app/event_state.hpp"
#include "app/log.hpp"
#include "server/each_connection.hpp"
#include "server/epoll_reactor.hpp"
#include "server/ring_reactor.hpp"
#include "server/shared_wait.hpp"

namespace h3::server {
namespace {

constexpr std::chrono::milliseconds kTick{250};

constexpr std::string_view kOverloaded =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: 1\r\nConnection: close\r\nDate: ";

std::unique_ptr<Reactor> makeReactor(ReactorKind kind, SharedWait& wait, BatchListener& owner) {
  if (kind == ReactorKind::ioUring) return std::make_unique<RingReactor>(wait, owner);
  return std::make_unique<EpollReactor>(wait, owner);
}

}  // namespace

Worker::Worker(const Config& config, const Dispatcher& dispatcher, const Monitor& monitor,
               WorkerCounters& counters, ConnectionLimiter& limiter, ReactorKind reactor)
    : session_(config, dispatcher, monitor, counters),
      slots_(1),
      reactor_(makeReactor(reactor, SharedWait::install(context_), *this)),
      connections_(session_, *reactor_, limiter),
      batch_(*reactor_),
      timer_(context_),
      tasks_(context_, slots_),
      work_(boost::asio::make_work_guard(context_)),
      pool_(session_.services.memory.options().connectionPrefill,
            session_.services.memory.options().connectionRetain,
            [this] { return std::make_unique<Connection>(connections_); }) {
  session_.services.ioContext = &context_;
  if (!config.proxyProtocol.peers.empty())
    gate_.emplace(context_, config.proxyProtocol, counters, limiter, session_.clock,
                  ProxyGate::Actions{[this](int socket, std::string_view client) { open(socket, client); },
                                     [this](int socket) { refuseConnection(socket); }});
  reserveLists(session_.services.memory.options().connectionRetain);
  std::vector<std::string_view> paths(config.routeCache.warmUp.begin(), config.routeCache.warmUp.end());
  session_.services.routeCache.warm(dispatcher.router(), paths);
}

Worker::~Worker() {
  if (gate_) gate_->closeAll();
  for (Connection* connection : open_) connection->abort();
  reapClosed();
  // Connections whose deferred handler never ended: its frame is destroyed later, with the io_context.
  for (Connection* connection : std::exchange(open_, {})) pool_.release(connection);
}

void Worker::listen(Listener listener) {
  listeners_.push_back(std::make_unique<Listener>(std::move(listener)));
}

void Worker::useServer(BlockingPool& pool, const std::atomic<bool>& stopping, bool publishesPool) {
  session_.services.blocking = &pool;
  session_.services.stopping = &stopping;
  session_.services.publishesPool = publishesPool;
}

bool Worker::run() {
  for (const auto& listener : listeners_)
    listener->start(slots_.emplace_back(),
                    [this](int socket, std::string_view address) { admit(socket, address); });
  reactor_->start();
  armTick();
  tasks_.start();
  session_.services.publish();
  // A callback posted by a handler may throw: that must not end the process.
  for (bool ended = false; !ended;) {
    try {
      context_.run();
      ended = true;
    } catch (const std::exception& failure) {
      logError("a callback on the worker's loop threw", failure.what());
    } catch (...) {
      logError("a callback on the worker's loop threw", "something that is not a std::exception");
    }
  }
  reactor_->stop();
  return !cutOff_;
}

void Worker::drain() {
  boost::asio::post(context_, [this] { beginDrain(); });
}

void Worker::beginBatch() noexcept {
  session_.clock.update();
  batchSinceNs_ = session_.clock.ns();
}

// All latencies count from the wake-up of the batch: by then their requests had arrived.
inline void Worker::recordBatch(std::size_t connections) {
  busy_ = true;
  session::Clock& clock = session_.clock;
  const std::uint64_t sinceNs = clock.ns();
  clock.update();
  batchSize_.record(connections, clock.ns() - sinceNs);
  session_.services.counters.latency.record(clock.ns() - batchSinceNs_, session_.takeResponseCount());
}

// Connections with more work are served in the next batch, after the others.
inline void Worker::serveReady() {
  const std::span<Connection* const> ready = connections_.queues.ready();
  for (std::size_t served = 0; served < ready.size();) {
    const std::size_t size = std::min(ready.size() - served, batchSize_.now());
    batch_.serve(ready.subspan(served, size));
    if (session_.hasResponses()) recordBatch(size);
    served += size;
    if (served < ready.size()) reactor_->flush();
  }
  connections_.queues.removeServed(ready.size());
}

void Worker::endBatch() noexcept {
  if (connections_.queues.hasReady()) serveReady();
  if (connections_.budget.isExceeded()) [[unlikely]]
    shedSlowest();
  if (connections_.queues.hasClosed()) reapClosed();
  endIfDrained();
}

// New clients come last: nothing is known about their pace.
[[gnu::cold, gnu::noinline]] void Worker::shedSlowest() {
  while (connections_.budget.isExceeded()) {
    Connection* slowest = nullptr;
    for (Connection* const connection : open_)
      if (connection->heldBytes() != 0 && (slowest == nullptr || connection->isSlowerThan(*slowest)))
        slowest = connection;
    if (slowest == nullptr) return;
    forEachConnection({&slowest, 1}, [](Connection& connection) { connection.shed(); });
    if (slowest->isOpen()) return;
  }
}

// Connections close in the middle of their own calls, so they are returned to the pool only here.
void Worker::reapClosed() {
  connections_.queues.reapClosed([this](Connection& connection) {
    open_[connection.position] = open_.back();
    open_[connection.position]->position = connection.position;
    open_.pop_back();
    pool_.release(&connection);
  });
}

// Reserves all lists, so that no connection is lost because one is full. The capacity of open_ stands for
// all, so it comes last: memory may run out in between.
void Worker::reserveLists(std::size_t connections) {
  connections_.queues.reserve(connections);
  open_.reserve(connections);
}

void Worker::admit(int socket, std::string_view address) {
  session_.clock.update();
  if (draining_) return refuseConnection(socket);
  if (gate_ && gate_->guards(address)) return gate_->admit(socket, address);
  accept(socket, address);
}

void Worker::accept(int socket, std::string_view address) {
  if (!connections_.limiter.acquire(address)) return refuseConnection(socket);
  open(socket, address);
}

// A connection that the limiter has counted.
void Worker::open(int socket, std::string_view address) {
  Connection* const connection = pool_.acquire();
  int number = -1;
  try {
    if (open_.size() == open_.capacity()) reserveLists(open_.size() * 2 + 16);
    number = reactor_->add(socket, *connection);
  } catch (const std::exception& failure) {
    logError("a connection could not be watched", failure.what());
    pool_.release(connection);
    connections_.limiter.release(address);
    return refuseConnection(socket);
  }
  connection->position = open_.size();
  open_.push_back(connection);
  connection->open(number, address);
  session_.services.counters.add(Metric::connectionsAccepted);
}

void Worker::refuseConnection(int socket) {
  session_.services.counters.add(Metric::connectionsRefused);
  std::array<char, 256> response;
  char* end = response.data();
  for (const std::string_view part :
       {kOverloaded, session_.responsePrefix().date(), std::string_view("\r\n\r\n")})
    end = std::copy_n(part.data(), part.size(), end);
  (void)::send(socket, response.data(), static_cast<std::size_t>(end - response.data()),
               MSG_NOSIGNAL | MSG_DONTWAIT);
  // With unread bytes a close would reset the connection, and the response could be lost.
  char sink[4096];
  ::shutdown(socket, SHUT_WR);
  (void)::recv(socket, sink, sizeof sink, MSG_DONTWAIT);
  ::close(socket);
}

void Worker::armTick() {
  timer_.expires_after(kTick);
  timer_.async_wait(inSlot(slots_.front(), [this](const boost::system::error_code& error) {
    if (!error) tick();
  }));
}

void Worker::tick() {
  armTick();  // first: there is a next tick whatever fails below
  session_.followWallClock();
  forEachConnection(open_, [nowMs = session_.clock.ms()](Connection& connection) {
    if (connection.isOpen()) connection.checkDeadlines(nowMs);
  });
  reapClosed();
  if (!std::exchange(busy_, false)) {
    connections_.inputs.clear();
    connections_.outputs.clear();
  }
  if (gate_) gate_->checkDeadlines(session_.clock.ms());
  session_.services.publish();
  session_.services.counters.set(Metric::heldBytes, connections_.budget.bytes());
  for (const auto& listener : listeners_) listener->retry();
  if (draining_ && session_.clock.ms() >= drainDeadlineMs_ && !open_.empty()) {
    forEachConnection(open_, [this](Connection& connection) {
      cutOff_ = cutOff_ || connection.owesResponse();
      connection.abort();
    });
    reapClosed();
    context_.stop();
    return;
  }
  endIfDrained();
}

void Worker::beginDrain() {
  if (draining_) return;
  // Drain the accept backlog first; closing would reset it.
  for (const auto& listener : listeners_) listener->acceptPending();
  reactor_->collect();
  draining_ = true;
  tasks_.stop();
  session_.clock.update();
  drainDeadlineMs_ = session_.clock.ms() + session_.config.timeouts.drainMs;
  for (const auto& listener : listeners_) listener->close();
  if (gate_) gate_->closeAll();
  forEachConnection(open_, [](Connection& connection) {
    if (connection.isOpen()) connection.drain();
  });
  reapClosed();
  endIfDrained();
}

void Worker::endIfDrained() {
  if (!draining_ || !open_.empty()) return;
  session_.services.publish();
  context_.stop();
}

}  // namespace h3::server
