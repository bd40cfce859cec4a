// One wait for a worker's sockets and for everything that Asio waits for.
#pragma once

#include <boost/asio/io_context.hpp>  // also detail::reactor, whose own header cannot come first

namespace h3::server {

/// Waits and serves in place of Asio, see SharedWait.
class SocketPoller {
 public:
  /// Serves the sockets that are ready, after waiting for one of them or for the SharedWait's descriptor if
  /// it may wait. Returns whether that descriptor is readable.
  virtual bool takeTurn(bool mayWait) = 0;
  /// Sends the remaining output of the turns: Asio's handlers are next, and may take long.
  virtual void flush() noexcept = 0;

 protected:
  ~SocketPoller() = default;
};

/// Replaces an io_context's own reactor: a SocketPoller waits instead, for Asio's descriptors too.
///
/// So a turn takes one system call to wait, and goes through Asio only when Asio has something to do: a
/// timer, a descriptor, a post() from another thread (see doc/adr/0013). A turn runs inside Asio's wait, so
/// nothing that it calls may wait in the same context: no run(), no run_one(). Owned by its context. Threads:
/// that of the context's run(); interrupt() any.
class SharedWait final : public boost::asio::detail::epoll_reactor {
 public:
  /// Call it before anything else uses the context. Throws boost::system::system_error.
  static SharedWait& install(boost::asio::io_context& context);

  /// From now on `poller` waits. Until then, and after stop(), Asio does.
  void start(SocketPoller& poller) { poller_ = &poller; }
  void stop() { poller_ = nullptr; }

  /// Readable as long as Asio has something to do.
  int descriptor() const;

 private:
  explicit SharedWait(boost::asio::io_context& context);
  void run(long usec, boost::asio::detail::op_queue<boost::asio::detail::operation>& operations) override;

  SocketPoller* poller_ = nullptr;
};

}  // namespace h3::server
