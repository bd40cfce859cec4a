#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "h3http/arena.hpp"
#include "h3http/detail/buffer_pool.hpp"
#include "h3http/detail/memory_ledger.hpp"
#include "h3http/detail/object_pool.hpp"

namespace h3 {

/// How much memory a worker allocates in advance: as little as possible, a fair amount, or all of it.
enum class AllocationStrategy : std::uint8_t { minimal, balanced, performance };

std::string_view toString(AllocationStrategy strategy) noexcept;

/// Sizes of one worker's pools. Counts are objects, sizes are bytes.
struct MemoryOptions {
  std::size_t eventPrefill = 64;  ///< For the event pool of the worker.
  std::size_t eventRetain = 1024;
  std::size_t connectionPrefill = 64;  ///< For the connection pool of the worker.
  std::size_t connectionRetain = 1024;
  std::size_t arenaPrefill = 64;
  std::size_t arenaRetain = 1024;
  ArenaOptions arena;
  std::size_t bufferPrefill = 8;
  std::size_t bufferPrefillBytes = 16 * 1024;  ///< Size of each prefilled buffer.
  BufferPoolOptions buffers;
  std::size_t softLimitBytes = 256 * 1024 * 1024;  ///< In use over this is `exhausted`; 0: no limit.
};

MemoryOptions optionsFor(AllocationStrategy strategy) noexcept;

struct MemoryStats {
  PoolStats arenas;
  BufferPoolStats buffers;
  std::size_t reservedBytes = 0;   ///< Allocated for arenas and buffers, lent and free.
  std::size_t inUseBytes = 0;      ///< Held by lent arenas and lent buffers.
  std::size_t highWaterBytes = 0;  ///< The largest inUseBytes so far, exact.
};

struct MemoryHealth {
  enum class Level : std::uint8_t { ok, pressure, exhausted };
  Level level = Level::ok;
  std::string_view reason;  ///< One sentence, static text.
  std::size_t inUseBytes = 0;
  std::size_t softLimitBytes = 0;
};

std::string_view toString(MemoryHealth::Level level) noexcept;

/// The arenas and buffers of one worker thread, their sizes, and whether they use too much.
///
/// Lifetime: everything lent must be back before it is destroyed. Allocates: the prefill in the constructor,
/// then only when more is lent at the same time than ever before. Threads: one owner.
class MemoryManager {
 public:
  /// Share of softLimitBytes from which health() returns `pressure`.
  static constexpr double kPressureShare = 0.8;

  explicit MemoryManager(MemoryOptions options);
  explicit MemoryManager(AllocationStrategy strategy) : MemoryManager(optionsFor(strategy)) {}
  ~MemoryManager();

  /// An empty arena. Errors: std::bad_alloc when the system has no more.
  Arena* acquireArena();
  /// Resets the arena and takes it back; null is ignored.
  void releaseArena(Arena* arena) noexcept;

  BufferPool& buffers() noexcept { return buffers_; }
  const MemoryOptions& options() const noexcept { return options_; }

  MemoryStats stats() const noexcept;
  MemoryHealth health() const noexcept;

  /// Frees all free memory beyond the prefill.
  void trim() noexcept;

 private:
  struct LedgerArena;

  MemoryOptions options_;
  MemoryLedger ledger_;
  BufferPool buffers_;
  ObjectPool<LedgerArena> arenas_;
};

}  // namespace h3
