// Serves many connections together, one kind of work at a time.
#pragma once

#include <span>

#include "server/reactor.hpp"

namespace h3::server {

class Connection;

/// Receives for all, then responds to all, then sends for all.
///
/// A system call leaves cold caches behind, and on some machines an empty TLB: code and data for responding
/// are fetched again once per batch instead of once per request (see doc/adr/0012). Threads: one owner.
class Batch {
 public:
  explicit Batch(Reactor& reactor) : reactor_(reactor) {}

  /// `connections`: at most BatchSize::kMaxConnections. A connection that throws is closed.
  void serve(std::span<Connection* const> connections) noexcept;

 private:
  Reactor& reactor_;
};

}  // namespace h3::server
