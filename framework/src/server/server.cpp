#include "h3http/server.hpp"

#include <unistd.h>

#include <atomic>
#include <boost/system/errc.hpp>
#include <boost/system/system_error.hpp>
#include <optional>
#include <thread>
#include <vector>

#include "app/dispatcher.hpp"
#include "app/lifecycle.hpp"
#include "app/log.hpp"
#include "monitor/monitor_state.hpp"
#include "server/address_names.hpp"
#include "server/descriptor_limit.hpp"
#include "server/monitor_thread.hpp"
#include "server/reactor_choice.hpp"
#include "server/worker.hpp"
#include "work/blocking_pool.hpp"

namespace h3 {
namespace {

// Besides those of connections: the log, files being sent, the program's own; and of a worker its listeners, reactor
// and loop.
constexpr std::uint64_t kOwnDescriptors = 64;
constexpr std::uint64_t kWorkerDescriptors = 8;

}  // namespace

struct Server::Impl {
  Impl(App& served, Config settings)
      : app(served),
        config(std::move(settings)),
        reactor(server::chooseReactor(config.reactor)),
        limiter(config.limits.connections, config.limits.connectionsPerAddress),
        blocking(config.blocking) {}

  void raiseDescriptorLimit() const {
    const std::uint64_t needed =
        config.limits.connections + kOwnDescriptors + config.threads * kWorkerDescriptors;
    const std::uint64_t limit = server::raiseDescriptorLimit(needed);
    if (limit < needed)
      logWarning("limits.connections is " + std::to_string(config.limits.connections) +
                 ", but the process may have only " + std::to_string(limit) +
                 " descriptors: raise its hard limit (ulimit -Hn, LimitNOFILE=) to " +
                 std::to_string(needed) + ", or lower limits.connections");
  }

  void addWorkers() {
    std::vector<RouteName> routes;
    const Dispatcher& dispatcher = Dispatcher::of(app);
    for (const Route& route : dispatcher.routes())
      routes.push_back({std::string(route.methodText()), route.pattern});
    MonitorState& counters = MonitorState::of(monitor);
    counters.setRoutes(std::move(routes), config.monitor.enabled);
    for (unsigned i = 0; i < config.threads; ++i)
      workers.push_back(std::make_unique<server::Worker>(config, dispatcher, monitor, counters.addWorker(),
                                                         limiter, reactor));
    for (const auto& worker : workers) worker->useServer(blocking, stopping, worker == workers.front());
    for (const PeriodicTask& task : Lifecycle::of(app).every) {
      const bool everywhere = task.where == EveryOn::eachWorker;
      for (std::size_t i = 0; i < (everywhere ? workers.size() : 1); ++i) workers[i]->addTask(task);
    }
  }

  // Of a name's addresses one is enough: ::1 is missing where IPv6 is off, and the port that the system has chosen for the first may
  // be taken on another.
  bool mayPass(const boost::system::error_code& error) const {
    namespace errc = boost::system::errc;
    return error == errc::address_not_available || error == errc::address_family_not_supported ||
           (config.port == 0 && port != 0 && error == errc::address_in_use);
  }

  void listenOnPort() {
    const std::vector<std::string> addresses = server::addressesOf(config.address);
    std::optional<boost::system::system_error> unavailable;
    for (const std::string& address : addresses) {
      try {
        listenOn(address);
      } catch (const boost::system::system_error& failure) {
        if (!mayPass(failure.code())) throw;
        unavailable = failure;
      }
    }
    if (port == 0 && unavailable) throw *unavailable;
  }

  void listenOn(const std::string& address) {
    for (auto& worker : workers) {
      server::Listener listener = server::Listener::tcp(worker->context(), address,
                                                        port == 0 ? config.port : port, workers.size() > 1);
      port = listener.port();
      worker->listen(std::move(listener));
    }
  }

  void listen() {
    using server::Listener;
    if (!config.address.empty()) listenOnPort();
    if (config.unixPath.empty()) return;
    Listener first = Listener::unixSocket(workers.front()->context(), config.unixPath,
                                          {config.unixMode, config.unixUser, config.unixGroup});
    ownsUnixPath = true;
    for (std::size_t i = 1; i < workers.size(); ++i)
      workers[i]->listen(Listener::duplicate(workers[i]->context(), first));
    workers.front()->listen(std::move(first));
  }

  App& app;
  const Config config;
  const ReactorKind reactor;
  server::ConnectionLimiter limiter;
  Monitor monitor;
  BlockingPool blocking;              ///< outlives the workers, whose handlers use it
  std::atomic<bool> stopping{false};  ///< see WorkerServices
  std::vector<std::unique_ptr<server::Worker>> workers;
  std::unique_ptr<server::MonitorThread> watcher;
  std::vector<std::thread> threads;
  std::vector<char> drained;  // one per worker, written by its thread
  std::uint16_t port = 0;
  bool ownsUnixPath = false;
  bool hooksStarted = false;
};

Server::Server(App& app, Config config) {
  config.validate();
  impl_ = std::make_unique<Impl>(app, std::move(config));
  impl_->raiseDescriptorLimit();
  impl_->addWorkers();
  impl_->listen();
}

Server::~Server() {
  drain();
  join();
  if (impl_->ownsUnixPath) ::unlink(impl_->config.unixPath.c_str());
}

void Server::start() {
  Lifecycle::of(impl_->app).start(impl_->workers.front()->context());
  impl_->hooksStarted = true;
  impl_->drained.assign(impl_->workers.size(), 0);
  if (impl_->config.monitor.enabled)
    impl_->watcher = std::make_unique<server::MonitorThread>(impl_->monitor, impl_->config.monitor);
  for (std::size_t i = 0; i < impl_->workers.size(); ++i)
    impl_->threads.emplace_back(
        [impl = impl_.get(), i] { impl->drained[i] = impl->workers[i]->run() ? 1 : 0; });
}

std::uint16_t Server::port() const { return impl_->port; }
ReactorKind Server::reactor() const { return impl_->reactor; }
const Monitor& Server::monitor() const { return impl_->monitor; }

void Server::markUnready() { impl_->stopping.store(true, std::memory_order_relaxed); }

void Server::drain() {
  markUnready();
  for (const auto& worker : impl_->workers) worker->drain();
}

bool Server::join() {
  for (std::thread& thread : impl_->threads)
    if (thread.joinable()) thread.join();
  impl_->watcher.reset();
  impl_->blocking.stop();
  if (std::exchange(impl_->hooksStarted, false)) Lifecycle::of(impl_->app).stop();
  for (const char drained : impl_->drained)
    if (drained == 0) return false;
  return true;
}

}  // namespace h3
