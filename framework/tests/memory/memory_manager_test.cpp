#include "h3http/memory_manager.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "allocation_counter.hpp"

using h3::AllocationStrategy;
using h3::Arena;
using h3::Buffer;
using h3::MemoryHealth;
using h3::MemoryManager;
using h3::MemoryOptions;
using h3::test::AllocationCounter;

TEST_CASE("strategies differ in how much they allocate in advance") {
  const MemoryOptions minimal = h3::optionsFor(AllocationStrategy::minimal);
  const MemoryOptions balanced = h3::optionsFor(AllocationStrategy::balanced);
  const MemoryOptions performance = h3::optionsFor(AllocationStrategy::performance);
  CHECK(minimal.eventPrefill < balanced.eventPrefill);
  CHECK(balanced.eventPrefill < performance.eventPrefill);
  CHECK(minimal.softLimitBytes < balanced.softLimitBytes);
  CHECK(balanced.softLimitBytes < performance.softLimitBytes);
  // What a request may take is no matter of strategy.
  CHECK(minimal.arena.limitBytes == performance.arena.limitBytes);
  CHECK(toString(AllocationStrategy::minimal) == "minimal");
  CHECK(toString(AllocationStrategy::balanced) == "balanced");
  CHECK(toString(AllocationStrategy::performance) == "performance");
}

TEST_CASE("each strategy: what is prefilled is lent without allocating") {
  for (const auto strategy :
       {AllocationStrategy::minimal, AllocationStrategy::balanced, AllocationStrategy::performance}) {
    CAPTURE(toString(strategy));
    MemoryManager memory(strategy);
    const MemoryOptions& options = memory.options();
    std::vector<Arena*> arenas(options.arenaPrefill);
    std::vector<Buffer> buffers(options.bufferPrefill);
    AllocationCounter warm;
    for (Arena*& arena : arenas) arena = memory.acquireArena();
    for (Buffer& buffer : buffers) buffer = memory.buffers().acquire(options.bufferPrefillBytes);
    for (Arena* arena : arenas) memory.releaseArena(arena);
    for (const Buffer buffer : buffers) memory.buffers().release(buffer);
    CHECK(warm.count() == 0);
    CHECK(memory.stats().arenas.reuseRatio() == 1.0);
    CHECK((memory.health().level == MemoryHealth::Level::ok));
  }
}

TEST_CASE("bytes reserved and in use follow what is lent") {
  MemoryOptions options;
  options.arenaPrefill = 2;
  options.arena = {.firstBlockBytes = 1024, .retainBytes = 8192, .limitBytes = 1024 * 1024};
  options.bufferPrefill = 1;
  options.bufferPrefillBytes = 4096;
  MemoryManager memory(options);
  CHECK(memory.stats().reservedBytes == 2 * 1024 + 4096);
  CHECK(memory.stats().inUseBytes == 0);

  Arena* const arena = memory.acquireArena();
  CHECK(memory.stats().inUseBytes == 1024);
  arena->allocate(100'000);
  const std::size_t grown = arena->reservedBytes();
  CHECK(memory.stats().inUseBytes == grown);
  const Buffer buffer = memory.buffers().acquire(4096);
  CHECK(memory.stats().inUseBytes == grown + 4096);
  CHECK(memory.stats().buffers.inUse == 1);

  memory.releaseArena(arena);
  memory.releaseArena(nullptr);
  memory.buffers().release(buffer);
  CHECK(memory.stats().inUseBytes == 0);
  CHECK(memory.stats().reservedBytes == 2 * 1024 + 4096);
  CHECK(memory.stats().highWaterBytes == grown + 4096);
}

TEST_CASE("an arena comes back empty") {
  MemoryManager memory(AllocationStrategy::minimal);
  Arena* const arena = memory.acquireArena();
  arena->allocate(100);
  memory.releaseArena(arena);
  CHECK(memory.acquireArena() == arena);
  CHECK(arena->usedBytes() == 0);
  memory.releaseArena(arena);
}

TEST_CASE("trim gives back all beyond the prefill; arenas over the retain count are freed immediately") {
  MemoryOptions options;
  options.arenaPrefill = 1;
  options.arenaRetain = 3;
  options.arena.firstBlockBytes = 1024;
  options.bufferPrefill = 0;
  MemoryManager memory(options);
  std::vector<Arena*> lent;
  for (int i = 0; i < 5; ++i) lent.push_back(memory.acquireArena());
  for (Arena* arena : lent) memory.releaseArena(arena);
  CHECK(memory.stats().reservedBytes == 3 * 1024);
  memory.buffers().release(memory.buffers().acquire(1));
  CHECK(memory.stats().reservedBytes == 3 * 1024 + 4096);
  memory.trim();
  CHECK(memory.stats().reservedBytes == 1024);
  CHECK(memory.stats().arenas.free == 1);
}

TEST_CASE("health: both sides of each level") {
  MemoryOptions options;
  options.arenaPrefill = 0;
  options.bufferPrefill = 0;
  options.softLimitBytes = 10 * 4096;
  MemoryManager memory(options);
  std::vector<Buffer> lent;
  const auto levelWith = [&](std::size_t count) {
    while (lent.size() < count) lent.push_back(memory.buffers().acquire(4096));
    return memory.health().level;
  };
  CHECK((levelWith(0) == MemoryHealth::Level::ok));
  CHECK((levelWith(7) == MemoryHealth::Level::ok));
  CHECK((levelWith(8) == MemoryHealth::Level::pressure));
  CHECK((levelWith(9) == MemoryHealth::Level::pressure));
  CHECK((levelWith(10) == MemoryHealth::Level::exhausted));
  CHECK(memory.health().inUseBytes == 10 * 4096);
  CHECK(memory.health().softLimitBytes == 10 * 4096);
  CHECK_FALSE(memory.health().reason.empty());
  for (const Buffer buffer : lent) memory.buffers().release(buffer);
  CHECK((memory.health().level == MemoryHealth::Level::ok));
  CHECK(toString(MemoryHealth::Level::exhausted) == "exhausted");

  options.softLimitBytes = 0;
  MemoryManager unlimited(options);
  CHECK((unlimited.health().level == MemoryHealth::Level::ok));
}
