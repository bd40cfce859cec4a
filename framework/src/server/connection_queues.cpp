#include "server/connection_queues.hpp"

#include <algorithm>

namespace h3::server {

// A connection that is served may ask for more meanwhile, and then stands among the ready twice; those must
// not move while a batch looks at them.
void ConnectionQueues::reserve(std::size_t connections) {
  ready_.resize(2 * connections);
  closed_.reserve(connections);
}

void ConnectionQueues::removeServed(std::size_t count) {
  readyCount_ -= count;
  std::copy_n(ready_.data() + count, readyCount_, ready_.data());
}

}  // namespace h3::server
