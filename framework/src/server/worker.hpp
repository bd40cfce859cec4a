// One thread of the server: its loop, its sockets, its pools. Shares nothing with the others.
#pragma once

#include <atomic>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <cassert>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "app/dispatcher.hpp"
#include "h3http/object_pool.hpp"
#include "h3http/worker_services.hpp"
#include "memory/buffer_shelf.hpp"
#include "protocol/answer_start.hpp"
#include "protocol/limits.hpp"
#include "server/batch.hpp"
#include "server/batch_size.hpp"
#include "server/clock.hpp"
#include "server/connection.hpp"
#include "server/connection_limiter.hpp"
#include "server/handler_slot.hpp"
#include "server/listener.hpp"
#include "server/reactor.hpp"

namespace h3::server {

/// Accepts and serves connections on the thread that calls run().
///
/// Threads: run() on one; drain() from any.
class Worker final : private BatchOwner {
 public:
  /// `reactor`: epoll or ioUring.
  Worker(const Config& config, const Dispatcher& dispatcher, const Monitor& monitor, WorkerCounters& counters,
         ConnectionLimiter& limiter, ReactorKind reactor);
  ~Worker();

  boost::asio::io_context& context() { return context_; }
  void listen(Listener listener);

  /// Serves until drained. Returns whether every open request got its answer in time.
  bool run();
  /// Stops accepting, lets open requests end, then run() returns. Safe from any thread, once.
  void drain();

  // For its connections.
  const Config& config() const { return config_; }
  const protocol::Limits& limits() const { return limits_; }
  const Dispatcher& dispatcher() const { return dispatcher_; }
  WorkerServices& services() { return services_; }
  BufferShelf& inputs() { return inputs_; }
  BufferShelf& outputs() { return outputs_; }
  Reactor& reactor() { return *reactor_; }
  const Clock& clock() const { return clock_; }
  const protocol::AnswerStart& answerStart() {
    if (clock_.ns() >= startEndsNs_) [[unlikely]]
      renewAnswerStart();
    return start_;
  }
  void countAnswer() { ++answersInBatch_; }
  /// An answer outside of any batch.
  void recordLatency(const Event& event);
  void updateClock() { clock_.update(); }
  /// At the end of this batch, or of the next.
  void serveLater(Connection& connection) {
    if (std::exchange(connection.queued, true)) return;
    assert(readyCount_ < ready_.size());
    ready_[readyCount_++] = &connection;
  }
  /// Takes a closed connection back, once nobody on the stack uses it any more.
  void recycle(Connection& connection);
  void releaseAddress(std::string_view address) { limiter_.release(address); }

 private:
  using Timer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                  boost::asio::wait_traits<std::chrono::steady_clock>,
                                                  boost::asio::io_context::executor_type>;

  void beginBatch() noexcept override;
  void endBatch() noexcept override;
  bool hasWork() const noexcept override { return readyCount_ != 0 || !closed_.empty(); }
  void reserveLists(std::size_t connections);
  void accept(int socket, std::string_view address);
  void refuseConnection(int socket);
  void renewAnswerStart();
  void armTick();
  void tick();
  void beginDrain();
  void endIfDrained();
  void reapClosed();
  void serveReady();
  void noteAnswers(std::size_t connections);

  const Config& config_;
  const Dispatcher& dispatcher_;
  ConnectionLimiter& limiter_;
  protocol::Limits limits_;
  WorkerServices services_;
  BufferShelf inputs_;
  BufferShelf outputs_;
  std::deque<HandlerSlot> slots_;  ///< of the timer and the listeners; outlives the context
  /// Its I/O objects are this thread's alone and need no locks; post() and stop() are safe from any thread.
  boost::asio::io_context context_{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO};
  std::unique_ptr<Reactor> reactor_;
  Batch batch_;
  BatchSize batchSize_;
  Timer timer_;
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  ObjectPool<Connection> pool_;
  std::vector<Connection*> open_;
  std::vector<Connection*> closed_;
  std::vector<Connection*> ready_;  ///< the first readyCount_ are to be served
  std::size_t readyCount_ = 0;
  Clock clock_;
  protocol::AnswerStart start_;
  std::uint64_t startEndsNs_ = 0;  ///< when it shows the wrong second, on the clock's ns()
  std::uint64_t batchSinceNs_ = 0;
  std::uint64_t answersInBatch_ = 0;
  std::uint64_t drainDeadlineMs_ = 0;
  bool busy_ = false;  ///< a batch has answered since the last tick
  bool draining_ = false;
  bool cutOff_ = false;
};

}  // namespace h3::server
