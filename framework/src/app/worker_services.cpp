#include "app/worker_services.hpp"

#include "monitor/process_memory.hpp"
#include "work/blocking_pool.hpp"

namespace h3 {

WorkerServices::WorkerServices(const Config& settings, const Monitor& allCounters,
                               WorkerCounters& ownCounters)
    : config(settings),
      monitor(allCounters),
      counters(ownCounters),
      memory(settings.memory.strategy),
      strings(StringPoolOptions{settings.stringPool.entries, settings.stringPool.bytes}),
      routeCache(settings.routeCache.entries),
      deferred(ownCounters),
      events(*this, memory.options().eventPrefill, memory.options().eventRetain) {}

void WorkerServices::publish() {
  const PoolStats eventStats = events.stats();
  counters.set(Metric::eventPoolAcquired, eventStats.acquired);
  counters.set(Metric::eventPoolReused, eventStats.reused);
  counters.set(Metric::eventPoolCreated, eventStats.created);
  counters.set(Metric::eventPoolInUse, eventStats.inUse);
  counters.set(Metric::eventPoolFree, eventStats.free);
  const RouteCacheStats cacheStats = routeCache.stats();
  counters.set(Metric::routeCacheHits, cacheStats.hits);
  counters.set(Metric::routeCacheMisses, cacheStats.misses);
  counters.set(Metric::routeCacheInsertions, cacheStats.insertions);
  counters.set(Metric::routeCacheEvictions, cacheStats.evictions);
  counters.set(Metric::routeCacheSize, cacheStats.size);
  counters.set(Metric::routeCacheCapacity, cacheStats.capacity);
  const StringPoolStats stringStats = strings.stats();
  counters.set(Metric::stringPoolHits, stringStats.hits);
  counters.set(Metric::stringPoolMisses, stringStats.misses);
  counters.set(Metric::stringPoolRejected, stringStats.rejected);
  counters.set(Metric::stringPoolEntries, stringStats.entries);
  const MemoryStats memoryStats = memory.stats();
  counters.set(Metric::bufferPoolAcquired, memoryStats.buffers.acquired);
  counters.set(Metric::bufferPoolReused, memoryStats.buffers.reused);
  counters.set(Metric::bufferPoolInUse, memoryStats.buffers.inUse);
  counters.set(Metric::memoryReservedBytes, memoryStats.reservedBytes);
  counters.set(Metric::memoryInUseBytes, memoryStats.inUseBytes);
  counters.set(Metric::memoryHighWaterBytes, memoryStats.highWaterBytes);
  counters.set(Metric::memoryHealth, static_cast<std::uint64_t>(memory.health().level));
  counters.heapLiveBytes.set(heapLiveBytesOfThread());
  if (publishesPool) {
    counters.set(Metric::blockingQueued, blocking->queued());
    counters.set(Metric::blockingBusy, blocking->busy());
  }
}

}  // namespace h3
