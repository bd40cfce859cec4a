// Connections to other servers, kept alive between requests.
#pragma once

#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <chrono>
#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "fetch/fetch_target.hpp"
#include "h3http/fetch.hpp"

namespace h3 {

/// One connection, and what has been received of it.
struct FetchConnection {
  using Clock = std::chrono::steady_clock;
  using Stream = boost::beast::basic_stream<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

  FetchConnection(boost::asio::io_context& context, std::string name)
      : stream(context.get_executor()), origin(std::move(name)) {}

  Stream stream;
  boost::beast::flat_buffer buffer;
  std::array<char, 16 * 1024> piece;  ///< of a body
  std::string origin;
  Clock::time_point idleSince;
  bool isReused = false;
};

/// Lends connections, within FetchLimits; who finds none free waits for one.
///
/// Threads: that of the context.
class FetchPool {
 public:
  using Clock = FetchConnection::Clock;

  /// A connection that is lent; closed on destruction unless it was given back.
  class Lease {
   public:
    Lease(FetchPool& pool, std::unique_ptr<FetchConnection> connection)
        : pool_(&pool), connection_(std::move(connection)) {}
    Lease(Lease&&) noexcept = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (connection_) pool_->drop(std::move(connection_));
    }
    FetchConnection* operator->() const { return connection_.get(); }
    FetchConnection& operator*() const { return *connection_; }
    void giveBack() { pool_->keep(std::move(connection_)); }

   private:
    FetchPool* pool_;
    std::unique_ptr<FetchConnection> connection_;
  };

  FetchPool(boost::asio::io_context& context, const FetchLimits& limits)
      : context_(context), limits_(limits) {}
  FetchPool(const FetchPool&) = delete;
  FetchPool& operator=(const FetchPool&) = delete;

  /// `fresh`: not one that has been used. Errors: FetchError; operation_aborted when cancelled.
  boost::asio::awaitable<Lease> acquire(const FetchTarget& target, Clock::time_point deadline, bool fresh);
  void closeIdle();

  FetchStats stats;

 private:
  struct Waiter {
    std::string origin;
    boost::asio::steady_timer timer;
    bool isWoken = false;
  };
  struct Host {
    std::size_t open = 0;  ///< idle ones included
    std::vector<std::unique_ptr<FetchConnection>> idle;
  };

  using Hosts = std::map<std::string, Host>;

  std::unique_ptr<FetchConnection> takeIdle(const std::string& origin);
  bool mayOpen(const std::string& origin);
  Lease open(const std::string& origin);
  boost::asio::awaitable<void> wait(const FetchTarget& target, Clock::time_point deadline);
  boost::asio::awaitable<std::vector<boost::asio::ip::tcp::endpoint>> resolve(const FetchTarget& target,
                                                                              Clock::time_point deadline);
  boost::asio::awaitable<void> connect(FetchConnection& connection, const FetchTarget& target,
                                       Clock::time_point deadline);
  void keep(std::unique_ptr<FetchConnection> connection);
  void drop(std::unique_ptr<FetchConnection> connection) noexcept;
  void closeIdleOf(Hosts::iterator host);
  void closeOldestIdle();
  void dropStale();
  void wakeNext(const std::string& origin);

  boost::asio::io_context& context_;
  FetchLimits limits_;
  Hosts hosts_;
  std::list<Waiter*> waiters_;  ///< the longest waiting first
  std::shared_ptr<std::size_t> resolving_ = std::make_shared<std::size_t>(0);
};

}  // namespace h3
