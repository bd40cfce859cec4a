#include "h3http/memory_manager.hpp"

namespace h3 {

namespace {
constexpr std::size_t kKiB = 1024;
constexpr std::size_t kMiB = 1024 * kKiB;

MemoryOptions minimalOptions() noexcept {
  MemoryOptions options;
  options.eventPrefill = options.connectionPrefill = options.arenaPrefill = 4;
  options.eventRetain = options.connectionRetain = options.arenaRetain = 64;
  options.arena.firstBlockBytes = 2 * kKiB;
  options.arena.retainBytes = 16 * kKiB;
  options.bufferPrefill = 2;
  options.buffers = {.retainBytesPerClass = 128 * kKiB, .retainBytes = 512 * kKiB};
  options.softLimitBytes = 64 * kMiB;
  return options;
}

MemoryOptions performanceOptions() noexcept {
  MemoryOptions options;
  options.eventPrefill = options.connectionPrefill = options.arenaPrefill = 512;
  options.eventRetain = options.connectionRetain = options.arenaRetain = 8192;
  options.arena.firstBlockBytes = 8 * kKiB;
  options.arena.retainBytes = 256 * kKiB;
  options.bufferPrefill = 64;
  options.buffers = {.retainBytesPerClass = 32 * kMiB, .retainBytes = 64 * kMiB};
  options.softLimitBytes = 1024 * kMiB;
  return options;
}
}  // namespace

/// An arena whose bytes count as parked while it is free.
struct MemoryManager::LedgerArena final : Arena {
  LedgerArena(const ArenaOptions& arenaOptions, MemoryLedger& arenaLedger)
      : Arena(arenaOptions, &arenaLedger), ledger(arenaLedger) {
    ledger.parked(reservedBytes());
  }
  // The pool destroys only free arenas; their bytes are recorded as parked.
  ~LedgerArena() {
    detachLedger();
    ledger.freedParked(reservedBytes());
  }
  MemoryLedger& ledger;
};

std::string_view toString(AllocationStrategy strategy) noexcept {
  switch (strategy) {
    case AllocationStrategy::minimal:
      return "minimal";
    case AllocationStrategy::balanced:
      return "balanced";
    case AllocationStrategy::performance:
      break;
  }
  return "performance";
}

MemoryOptions optionsFor(AllocationStrategy strategy) noexcept {
  switch (strategy) {
    case AllocationStrategy::minimal:
      return minimalOptions();
    case AllocationStrategy::balanced:
      return {};
    case AllocationStrategy::performance:
      break;
  }
  return performanceOptions();
}

std::string_view toString(MemoryHealth::Level level) noexcept {
  switch (level) {
    case MemoryHealth::Level::ok:
      return "ok";
    case MemoryHealth::Level::pressure:
      return "pressure";
    case MemoryHealth::Level::exhausted:
      break;
  }
  return "exhausted";
}

MemoryManager::MemoryManager(MemoryOptions options)
    : options_(options),
      buffers_(options.buffers, &ledger_),
      arenas_(options.arenaPrefill, options.arenaRetain,
              [this] { return std::make_unique<LedgerArena>(options_.arena, ledger_); }) {
  buffers_.prefill(options.bufferPrefillBytes, options.bufferPrefill);
}

MemoryManager::~MemoryManager() = default;

Arena* MemoryManager::acquireArena() {
  LedgerArena* const arena = arenas_.acquire();
  ledger_.unparked(arena->reservedBytes());
  return arena;
}

void MemoryManager::releaseArena(Arena* arena) noexcept {
  if (arena == nullptr) return;
  arena->reset();
  ledger_.parked(arena->reservedBytes());
  arenas_.release(static_cast<LedgerArena*>(arena));
}

MemoryStats MemoryManager::stats() const noexcept {
  return {arenas_.stats(), buffers_.stats(), ledger_.reservedBytes(), ledger_.inUseBytes(),
          ledger_.highWaterBytes()};
}

MemoryHealth MemoryManager::health() const noexcept {
  using Level = MemoryHealth::Level;
  const std::size_t limit = options_.softLimitBytes;
  const std::size_t inUse = ledger_.inUseBytes();
  if (limit == 0) return {Level::ok, "no soft limit is set", inUse, limit};
  if (inUse >= limit) return {Level::exhausted, "memory in use has reached the soft limit", inUse, limit};
  if (static_cast<double>(inUse) >= kPressureShare * static_cast<double>(limit))
    return {Level::pressure, "memory in use is over 80 % of the soft limit", inUse, limit};
  return {Level::ok, "memory in use is below 80 % of the soft limit", inUse, limit};
}

void MemoryManager::trim() noexcept {
  arenas_.trim(options_.arenaPrefill);
  buffers_.trim();
}

}  // namespace h3
