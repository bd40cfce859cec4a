#include "server/worker.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
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

protocol::Limits limitsOf(const Config& config) {
  protocol::Limits limits;
  limits.targetBytes = config.limits.targetBytes;
  limits.headerBytes = config.limits.headerBytes;
  limits.headerCount = config.limits.headerCount;
  limits.bodyBytes = config.limits.bodyBytes;
  return limits;
}

std::unique_ptr<Reactor> makeReactor(ReactorKind kind, SharedWait& wait, BatchOwner& owner) {
  if (kind == ReactorKind::ioUring) return std::make_unique<RingReactor>(wait, owner);
  return std::make_unique<EpollReactor>(wait, owner);
}

}  // namespace

Worker::Worker(const Config& config, const Dispatcher& dispatcher, const Monitor& monitor,
               WorkerCounters& counters, ConnectionLimiter& limiter, ReactorKind reactor)
    : config_(config),
      dispatcher_(dispatcher),
      limiter_(limiter),
      limits_(limitsOf(config)),
      services_(config, monitor, counters),
      inputs_(services_.memory.buffers()),
      outputs_(services_.memory.buffers()),
      slots_(1),
      reactor_(makeReactor(reactor, SharedWait::install(context_), *this)),
      batch_(*reactor_),
      timer_(context_),
      work_(boost::asio::make_work_guard(context_)),
      pool_(services_.memory.options().connectionPrefill, services_.memory.options().connectionRetain,
            [this] { return std::make_unique<Connection>(*this); }),
      start_(config.serverName) {
  services_.ioContext = &context_;
  reserveLists(services_.memory.options().connectionRetain);
  std::vector<std::string_view> paths(config.routeCache.warmUp.begin(), config.routeCache.warmUp.end());
  services_.routeCache.warm(dispatcher.router(), paths);
}

Worker::~Worker() {
  for (Connection* connection : open_) connection->abort();
  reapClosed();
  // Those whose deferred handler never ended: its frame goes with the io_context, later.
  for (Connection* connection : std::exchange(open_, {})) pool_.release(connection);
}

void Worker::listen(Listener listener) {
  listeners_.push_back(std::make_unique<Listener>(std::move(listener)));
}

bool Worker::run() {
  for (const auto& listener : listeners_)
    listener->start(slots_.emplace_back(),
                    [this](int socket, std::string_view address) { accept(socket, address); });
  reactor_->start();
  armTick();
  services_.publish();
  // A callback that a handler has posted may throw: that is one request's fault, not the process's.
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
  clock_.update();
  batchSinceNs_ = clock_.ns();
}

void Worker::endBatch() noexcept {
  if (readyCount_ != 0) serveReady();
  if (!closed_.empty()) reapClosed();
  endIfDrained();
}

// Who wants more comes behind the others, in the next batch.
void Worker::serveReady() {
  const std::size_t count = readyCount_;
  for (std::size_t served = 0; served < count;) {
    const std::size_t size = std::min(count - served, batchSize_.now());
    batch_.serve({ready_.data() + served, size});
    if (answersInBatch_ != 0) noteAnswers(size);
    served += size;
    if (served < count) reactor_->flush();
  }
  readyCount_ -= count;
  std::copy_n(ready_.data() + count, readyCount_, ready_.data());
}

// They all count from when the batch was woken: that is when their requests were here at the latest.
void Worker::noteAnswers(std::size_t connections) {
  busy_ = true;
  const std::uint64_t sinceNs = clock_.ns();
  clock_.update();
  batchSize_.learn(connections, clock_.ns() - sinceNs);
  services_.counters.latency.record(clock_.ns() - batchSinceNs_, std::exchange(answersInBatch_, 0));
}

void Worker::recordLatency(const Event& event) {
  services_.counters.latency.record(clock_.ns() - event.startedNs());
}

void Worker::recycle(Connection& connection) { closed_.push_back(&connection); }

// Connections close in the middle of their own calls, so they go back to the pool only here.
void Worker::reapClosed() {
  std::size_t kept = 0;
  for (Connection* connection : closed_) {
    if (connection->queued) {
      closed_[kept++] = connection;
      continue;
    }
    open_[connection->position] = open_.back();
    open_[connection->position]->position = connection->position;
    open_.pop_back();
    pool_.release(connection);
  }
  closed_.resize(kept);
}

// So that no connection is ever lost for want of room in one of them. Who is served may ask for more
// meanwhile, and then stands among the ready twice; those must not move while a batch looks at them.
// What open_ has room for tells what the others have, so it comes last: memory may run out on the way.
void Worker::reserveLists(std::size_t connections) {
  ready_.resize(2 * connections);
  for (auto* list : {&closed_, &open_}) list->reserve(connections);
}

void Worker::accept(int socket, std::string_view address) {
  clock_.update();
  if (draining_ || !limiter_.acquire(address)) return refuseConnection(socket);
  Connection* const connection = pool_.acquire();
  int number = -1;
  try {
    if (open_.size() == open_.capacity()) reserveLists(open_.size() * 2 + 16);
    number = reactor_->add(socket, *connection);
  } catch (const std::exception& failure) {
    logError("a connection could not be watched", failure.what());
    pool_.release(connection);
    limiter_.release(address);
    return refuseConnection(socket);
  }
  connection->position = open_.size();
  open_.push_back(connection);
  connection->open(number, address);
  services_.counters.add(Metric::connectionsAccepted);
}

void Worker::refuseConnection(int socket) {
  services_.counters.add(Metric::connectionsRefused);
  std::array<char, 256> answer;
  char* end = answer.data();
  for (const std::string_view part : {kOverloaded, answerStart().date(), std::string_view("\r\n\r\n")})
    end = std::copy_n(part.data(), part.size(), end);
  (void)::send(socket, answer.data(), static_cast<std::size_t>(end - answer.data()),
               MSG_NOSIGNAL | MSG_DONTWAIT);
  // With unread bytes a close would reset the connection, and the answer would be lost on the way.
  char sink[4096];
  ::shutdown(socket, SHUT_WR);
  (void)::recv(socket, sink, sizeof sink, MSG_DONTWAIT);
  ::close(socket);
}

[[gnu::cold, gnu::noinline]] void Worker::renewAnswerStart() {
  start_.show(clock_.seconds());
  startEndsNs_ = clock_.secondEndsNs();
}

void Worker::armTick() {
  timer_.expires_after(kTick);
  timer_.async_wait(inSlot(slots_.front(), [this](const boost::system::error_code& error) {
    if (!error) tick();
  }));
}

void Worker::tick() {
  armTick();  // first: whatever else fails, there is a next one
  clock_.followWallClock();
  startEndsNs_ = 0;  // the wall clock may have been set
  forEachConnection(open_, [nowMs = clock_.ms()](Connection& connection) {
    if (connection.isOpen()) connection.checkDeadlines(nowMs);
  });
  reapClosed();
  if (!std::exchange(busy_, false)) {
    inputs_.clear();
    outputs_.clear();
  }
  services_.publish();
  for (const auto& listener : listeners_) listener->retry();
  if (draining_ && clock_.ms() >= drainDeadlineMs_ && !open_.empty()) {
    forEachConnection(open_, [this](Connection& connection) {
      cutOff_ = cutOff_ || connection.owesAnswer();
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
  // Whom the kernel has already accepted is served; closing the socket would reset them.
  for (const auto& listener : listeners_) listener->acceptPending();
  reactor_->collect();
  draining_ = true;
  clock_.update();
  drainDeadlineMs_ = clock_.ms() + config_.timeouts.drainMs;
  for (const auto& listener : listeners_) listener->close();
  forEachConnection(open_, [](Connection& connection) {
    if (connection.isOpen()) connection.drain();
  });
  reapClosed();
  endIfDrained();
}

void Worker::endIfDrained() {
  if (!draining_ || !open_.empty()) return;
  services_.publish();
  context_.stop();
}

}  // namespace h3::server
