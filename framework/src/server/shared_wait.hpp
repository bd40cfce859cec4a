// One wait for a worker's sockets and for all that Asio waits for.
#pragma once

#include <boost/asio/io_context.hpp>  // also detail::reactor, whose own header cannot come first

namespace h3::server {

/// What a SharedWait runs.
class TurnTaker {
 public:
  /// Serves the sockets that are ready, after waiting for one of them or for the SharedWait's descriptor if
  /// it may wait. Returns whether that descriptor is readable.
  virtual bool takeTurn(bool mayWait) = 0;
  /// What the turns have left to be sent goes out: Asio's handlers are next, and may take long.
  virtual void flush() noexcept = 0;

 protected:
  ~TurnTaker() = default;
};

/// Stands in for an io_context's own reactor: where that would wait, a TurnTaker does, for Asio's descriptors
/// too.
///
/// So a turn takes one system call to wait, and goes through Asio only when Asio has something to do: a
/// timer, a descriptor, a post() from another thread (see doc/adr/0013). A turn runs where Asio waits, so
/// nothing that it calls may wait in the same context: no run(), no run_one(). Owned by its context. Threads:
/// that of the context's run(); interrupt() any.
class SharedWait final : public boost::asio::detail::epoll_reactor {
 public:
  /// Before anything else uses the context. Throws boost::system::system_error.
  static SharedWait& install(boost::asio::io_context& context);

  /// From now on `taker` waits. Until then, and after stop(), Asio does.
  void start(TurnTaker& taker) { taker_ = &taker; }
  void stop() { taker_ = nullptr; }

  /// Readable as long as Asio has something to do.
  int descriptor() const;

 private:
  explicit SharedWait(boost::asio::io_context& context);
  void run(long usec, boost::asio::detail::op_queue<boost::asio::detail::operation>& operations) override;

  TurnTaker* taker_ = nullptr;
};

}  // namespace h3::server
