#include "server/connection_queues.hpp"

#include <algorithm>

namespace h3::server {

// A connection that is being served may be queued again, and is then among the ready ones twice; those must
// not move while a batch uses them.
void ConnectionQueues::reserve(std::size_t connections) {
  ready_.resize(2 * connections);
  closed_.reserve(connections);
}

void ConnectionQueues::removeServed(std::size_t count) {
  readyCount_ -= count;
  std::copy_n(ready_.data() + count, readyCount_, ready_.data());
}

}  // namespace h3::server
