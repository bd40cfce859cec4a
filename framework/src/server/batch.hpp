// Many connections served together, one kind of work at a time.
#pragma once

#include <span>

#include "server/reactor.hpp"

namespace h3::server {

class Connection;

/// Receives for all, then answers all, then sends for all.
///
/// A system call leaves cold caches behind, and on some machines an empty TLB: what answering touches is
/// fetched again once a batch instead of once a request (see doc/adr/0012). Threads: one owner.
class Batch {
 public:
  explicit Batch(Reactor& reactor) : reactor_(reactor) {}

  /// `connections`: BatchSize::kMost at most. One that throws is closed.
  void serve(std::span<Connection* const> connections) noexcept;

 private:
  Reactor& reactor_;
};

}  // namespace h3::server
