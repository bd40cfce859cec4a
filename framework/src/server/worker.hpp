// One thread of the server: its loop, its sockets, its pools. Shares nothing with the others.
#pragma once

#include <atomic>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "app/dispatcher.hpp"
#include "h3http/detail/object_pool.hpp"
#include "server/batch.hpp"
#include "server/batch_size.hpp"
#include "server/connection.hpp"
#include "server/connection_context.hpp"
#include "server/handler_slot.hpp"
#include "server/listener.hpp"
#include "server/periodic_tasks.hpp"
#include "server/proxy_gate.hpp"
#include "server/reactor.hpp"
#include "session/session_context.hpp"

namespace h3::server {

/// Accepts and serves connections on the thread that calls run().
///
/// Threads: run() on one; drain() from any.
class Worker final : private BatchListener {
 public:
  /// `reactor`: epoll or ioUring.
  Worker(const Config& config, const Dispatcher& dispatcher, const Monitor& monitor, WorkerCounters& counters,
         ConnectionLimiter& limiter, ReactorKind reactor);
  ~Worker();

  boost::asio::io_context& context() { return context_; }
  void listen(Listener listener);
  /// Before run(): what its events may use of the server. `publishesPool`: it shows the pool's numbers for all workers.
  void useServer(BlockingPool& pool, const std::atomic<bool>& stopping, bool publishesPool);
  /// Before run(): runs it at its interval. `task` must outlive it.
  void addTask(const PeriodicTask& task) { tasks_.add(task); }

  /// Serves until drained. Returns whether every open request got its response in time.
  bool run();
  /// Stops accepting, lets open requests finish, then makes run() return. Safe from any thread, once.
  void drain();

 private:
  using Timer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                  boost::asio::wait_traits<std::chrono::steady_clock>,
                                                  boost::asio::io_context::executor_type>;

  void beginBatch() noexcept override;
  void endBatch() noexcept override;
  bool hasWork() const noexcept override {
    return connections_.queues.hasReady() || connections_.queues.hasClosed();
  }
  void reserveLists(std::size_t connections);
  void admit(int socket, std::string_view address);
  void accept(int socket, std::string_view address);
  void open(int socket, std::string_view address);
  void refuseConnection(int socket);
  void armTick();
  void tick();
  void beginDrain();
  void endIfDrained();
  void reapClosed();
  void serveReady();
  void shedSlowest();
  void recordBatch(std::size_t connections);

  session::SessionContext session_;  ///< outlives the context, and the events that its handlers hold
  std::deque<HandlerSlot> slots_;    ///< of the timer and the listeners; outlives the context
  std::optional<ProxyGate> gate_;    ///< outlives the context, too; none: sockets begin with requests
  /// Its I/O objects are this thread's alone and need no locks; post() and stop() are safe from any thread.
  boost::asio::io_context context_{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO};
  std::unique_ptr<Reactor> reactor_;
  ConnectionContext connections_;
  Batch batch_;
  BatchSize batchSize_;
  Timer timer_;
  PeriodicTasks tasks_;
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  ObjectPool<Connection> pool_;
  std::vector<Connection*> open_;
  std::uint64_t batchSinceNs_ = 0;
  std::uint64_t drainDeadlineMs_ = 0;
  bool busy_ = false;  ///< a batch has responded since the last tick
  bool draining_ = false;
  bool cutOff_ = false;
};

}  // namespace h3::server
