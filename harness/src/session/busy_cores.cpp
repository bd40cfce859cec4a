#include "session/busy_cores.hpp"

#include <algorithm>
#include <atomic>

namespace leakgate {

BusyCores::BusyCores() {
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  for (unsigned core = 0; core < cores; ++core) {
    threads_.emplace_back([](const std::stop_token& stop) {
      while (!stop.stop_requested()) std::atomic_signal_fence(std::memory_order_seq_cst);
    });
  }
}

}  // namespace leakgate
