// The resources of one worker thread for its events.
#pragma once

#include <atomic>

#include "app/deferred_table.hpp"
#include "h3http/config.hpp"
#include "h3http/event_pool.hpp"
#include "h3http/memory_manager.hpp"
#include "h3http/string_pool.hpp"
#include "monitor/worker_counters.hpp"
#include "routing/route_cache.hpp"

namespace boost::asio {
class io_context;
}

namespace h3 {

class BlockingPool;

/// The pools, caches and counters of one worker.
///
/// Lifetime: `config`, `monitor` and `counters` must outlive it.
/// Threads: one owner; nothing here is shared between workers but the monitor, which is read-only from here.
struct WorkerServices {
  WorkerServices(const Config& settings, const Monitor& allCounters, WorkerCounters& ownCounters);

  /// Copies the pools' counts into the counters, where other threads may read them.
  void publish();

  const Config& config;
  const Monitor& monitor;
  WorkerCounters& counters;
  MemoryManager memory;
  StringPool strings;
  RouteCache routeCache;
  DeferredTable deferred;
  EventPool events;
  boost::asio::io_context* ioContext = nullptr;  ///< the worker's
  BlockingPool* blocking = nullptr;              ///< the server's; nullptr: none
  bool publishesPool = false;                    ///< one worker does so for all
  const std::atomic<bool>* stopping = nullptr;  ///< the server's: it is to end, and not ready for new clients
};

}  // namespace h3
