// The connections of a worker that are ready, and those that are closed.
#pragma once

#include <cassert>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "server/connection.hpp"

namespace h3::server {

/// Threads: one owner.
class ConnectionQueues {
 public:
  /// Makes room for this many connections; adding them then neither allocates nor fails. Throws
  /// std::bad_alloc.
  void reserve(std::size_t connections);

  /// Serves it at the end of this batch, or of the next; once, however often this is called until then.
  void serveLater(Connection& connection) {
    if (std::exchange(connection.queued, true)) return;
    assert(readyCount_ < ready_.size());
    ready_[readyCount_++] = &connection;
  }
  bool hasReady() const { return readyCount_ != 0; }
  /// Valid until reserve() or removeServed(), whatever serveLater() adds behind them.
  std::span<Connection* const> ready() const { return {ready_.data(), readyCount_}; }
  /// The first `count` have been served.
  void removeServed(std::size_t count);

  /// A closed connection, in use until the current call into it has returned.
  void recycle(Connection& connection) { closed_.push_back(&connection); }
  bool hasClosed() const { return !closed_.empty(); }
  /// Calls `reap` with each closed connection that is no longer queued, and forgets it.
  template <class Reap>
  void reapClosed(Reap reap) {
    std::size_t kept = 0;
    for (Connection* const connection : closed_) {
      if (connection->queued) {
        closed_[kept++] = connection;
      } else {
        reap(*connection);
      }
    }
    closed_.resize(kept);
  }

 private:
  std::vector<Connection*> closed_;
  std::vector<Connection*> ready_;  ///< the first readyCount_ are to be served
  std::size_t readyCount_ = 0;
};

}  // namespace h3::server
