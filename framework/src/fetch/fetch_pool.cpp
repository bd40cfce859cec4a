#include "fetch/fetch_pool.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/system/system_error.hpp>
#include <cerrno>

namespace h3 {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

[[noreturn]] void throwFor(FetchFailure failure, const FetchTarget& target, const std::string& problem) {
  throw FetchError(failure, "fetch from " + target.origin + ": " + problem);
}

[[noreturn]] void throwAborted() {
  throw boost::system::system_error(asio::error::operation_aborted, "a fetch was cancelled");
}

// Whether nothing has arrived, which before a request could only be the end.
bool isStillOpen(FetchConnection& connection) {
  char byte = 0;
  const ssize_t got = ::recv(connection.stream.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got < 0 && errno == EAGAIN;
}

// The lookup goes on in Asio's thread for names when nothing awaits it any more.
struct Lookup {
  explicit Lookup(asio::io_context& context) : resolver(context), ended(context) {}

  tcp::resolver resolver;
  asio::steady_timer ended;
  std::vector<tcp::endpoint> found;
  error_code error;
  bool hasEnded = false;
};

}  // namespace

std::unique_ptr<FetchConnection> FetchPool::takeIdle(const std::string& origin) {
  const auto host = hosts_.find(origin);
  if (host == hosts_.end()) return nullptr;
  while (!host->second.idle.empty()) {
    std::unique_ptr<FetchConnection> connection = std::move(host->second.idle.back());
    host->second.idle.pop_back();
    --stats.idle;
    if (isStillOpen(*connection)) {
      connection->isReused = true;
      return connection;
    }
    --stats.open;
    if (--host->second.open == 0) {
      hosts_.erase(host);
      return nullptr;
    }
  }
  return nullptr;
}

// Lists are in the order in which connections became idle.
void FetchPool::dropStale() {
  const auto oldest = Clock::now() - std::chrono::milliseconds(limits_.idleMs);
  for (auto host = hosts_.begin(); host != hosts_.end();) {
    auto& idle = host->second.idle;
    const auto fresh = std::find_if(idle.begin(), idle.end(),
                                    [oldest](const auto& each) { return each->idleSince >= oldest; });
    const auto count = static_cast<std::size_t>(fresh - idle.begin());
    idle.erase(idle.begin(), fresh);
    stats.idle -= count;
    stats.open -= count;
    host->second.open -= count;
    host = host->second.open == 0 ? hosts_.erase(host) : std::next(host);
  }
}

// The idle connection of a host that became so first.
void FetchPool::closeIdleOf(Hosts::iterator host) {
  host->second.idle.erase(host->second.idle.begin());
  --stats.idle;
  --stats.open;
  if (--host->second.open == 0) hosts_.erase(host);
}

void FetchPool::closeOldestIdle() {
  auto oldest = hosts_.end();
  for (auto host = hosts_.begin(); host != hosts_.end(); ++host) {
    if (host->second.idle.empty()) continue;
    if (oldest == hosts_.end() ||
        host->second.idle.front()->idleSince < oldest->second.idle.front()->idleSince)
      oldest = host;
  }
  if (oldest != hosts_.end()) closeIdleOf(oldest);
}

void FetchPool::closeIdle() {
  while (stats.idle != 0) closeOldestIdle();
}

bool FetchPool::mayOpen(const std::string& origin) {
  const auto host = hosts_.find(origin);
  if (host != hosts_.end() && host->second.open >= limits_.connectionsPerHost) {
    if (host->second.idle.empty()) return false;
    closeIdleOf(host);
  }
  if (stats.open >= limits_.connections) closeOldestIdle();
  return stats.open < limits_.connections;
}

FetchPool::Lease FetchPool::open(const std::string& origin) {
  auto connection = std::make_unique<FetchConnection>(context_, origin);
  ++hosts_[origin].open;
  ++stats.open;
  ++stats.opened;
  return Lease(*this, std::move(connection));
}

asio::awaitable<FetchPool::Lease> FetchPool::acquire(const FetchTarget& target, Clock::time_point deadline,
                                                     bool fresh) {
  dropStale();
  for (;;) {
    if (!fresh) {
      if (auto idle = takeIdle(target.origin)) co_return Lease(*this, std::move(idle));
    }
    if (mayOpen(target.origin)) {
      Lease lease = open(target.origin);
      co_await connect(*lease, target, deadline);
      co_return lease;
    }
    co_await wait(target, deadline);
  }
}

asio::awaitable<void> FetchPool::wait(const FetchTarget& target, Clock::time_point deadline) {
  if (waiters_.size() >= limits_.waiting) throwFor(FetchFailure::busy, target, "too many requests wait");
  Waiter waiter{target.origin, asio::steady_timer(context_, deadline)};
  struct Place {
    FetchPool& pool;
    std::list<Waiter*>::iterator at;
    ~Place() {
      pool.waiters_.erase(at);
      --pool.stats.waiting;
    }
  };
  ++stats.waiting;
  const Place place{*this, waiters_.insert(waiters_.end(), &waiter)};
  error_code error;
  co_await waiter.timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
  if (waiter.isWoken) co_return;
  if (error) throwAborted();
  throwFor(FetchFailure::timedOut, target, "no connection of the pool became free in time");
}

// Of the same host, or of any when the connections in all were the limit.
void FetchPool::wakeNext(const std::string& origin) {
  for (Waiter* const waiter : waiters_) {
    const auto host = hosts_.find(waiter->origin);
    const bool fits =
        waiter->origin == origin || host == hosts_.end() || host->second.open < limits_.connectionsPerHost;
    if (waiter->isWoken || !fits) continue;
    waiter->isWoken = true;
    waiter->timer.cancel();
    return;
  }
}

void FetchPool::keep(std::unique_ptr<FetchConnection> connection) {
  connection->idleSince = Clock::now();
  const std::string origin = connection->origin;
  hosts_[origin].idle.push_back(std::move(connection));
  ++stats.idle;
  wakeNext(origin);
}

void FetchPool::drop(std::unique_ptr<FetchConnection> connection) noexcept {
  const std::string origin = std::move(connection->origin);
  connection.reset();
  --stats.open;
  const auto host = hosts_.find(origin);
  if (--host->second.open == 0) hosts_.erase(host);
  wakeNext(origin);
}

asio::awaitable<std::vector<tcp::endpoint>> FetchPool::resolve(const FetchTarget& target,
                                                               Clock::time_point deadline) {
  error_code error;
  const auto numeric = asio::ip::make_address(target.host, error);
  if (!error) co_return std::vector<tcp::endpoint>{{numeric, target.port}};
  if (*resolving_ >= limits_.resolving) throwFor(FetchFailure::busy, target, "too many names are looked up");
  const auto lookup = std::make_shared<Lookup>(context_);
  ++*resolving_;
  lookup->resolver.async_resolve(
      target.host, std::to_string(target.port),
      [lookup, resolving = resolving_](const error_code& failed, const tcp::resolver::results_type& results) {
        --*resolving;
        lookup->error = failed;
        for (const auto& each : results) lookup->found.push_back(each.endpoint());
        lookup->hasEnded = true;
        lookup->ended.cancel();
      });
  lookup->ended.expires_at(deadline);
  co_await lookup->ended.async_wait(asio::redirect_error(asio::use_awaitable, error));
  if (lookup->hasEnded) {
    if (lookup->error) throwFor(FetchFailure::notResolved, target, lookup->error.message());
    co_return std::move(lookup->found);
  }
  lookup->resolver.cancel();
  if (error) throwAborted();
  throwFor(FetchFailure::timedOut, target, "its name was not resolved in time");
}

asio::awaitable<void> FetchPool::connect(FetchConnection& connection, const FetchTarget& target,
                                         Clock::time_point deadline) {
  const std::vector<tcp::endpoint> endpoints = co_await resolve(target, deadline);
  connection.stream.expires_at(deadline);
  error_code error = asio::error::host_not_found;
  co_await connection.stream.async_connect(endpoints, asio::redirect_error(asio::use_awaitable, error));
  if (!error) {
    connection.stream.socket().set_option(tcp::no_delay(true), error);
    co_return;
  }
  if (error == asio::error::operation_aborted) throwAborted();
  if (error == boost::beast::error::timeout)
    throwFor(FetchFailure::timedOut, target, "no connection in time");
  throwFor(FetchFailure::notConnected, target, error.message());
}

}  // namespace h3
