#include "h3http/arena.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <limits>
#include <memory_resource>
#include <string>
#include <vector>

#include "allocation_counter.hpp"
#include "h3http/detail/memory_ledger.hpp"

using h3::Arena;
using h3::ArenaOptions;
using h3::test::AllocationCounter;

namespace {

bool isAligned(const void* p, std::size_t align) { return reinterpret_cast<std::uintptr_t>(p) % align == 0; }

#if defined(H3_ADDRESS_SANITIZER)
bool isPoisoned(const void* p) { return __asan_address_is_poisoned(p) != 0; }
#endif

}  // namespace

TEST_CASE("an arena gets its first block at construction and no more while it suffices") {
  AllocationCounter construction;
  Arena arena({.firstBlockBytes = 4096});
  CHECK(construction.count() == 1);
  CHECK(arena.reservedBytes() == 4096);
  CHECK(arena.usedBytes() == 0);

  AllocationCounter use;
  for (int i = 0; i < 100; ++i) arena.allocate(32);
  CHECK(use.count() == 0);
  CHECK(arena.usedBytes() == 3200);
}

TEST_CASE("alignment is kept, also beyond that of max_align_t and across blocks") {
  Arena arena({.firstBlockBytes = 512});
  for (std::size_t align = 1; align <= 4096; align *= 2) {
    CAPTURE(align);
    arena.allocate(1, 1);
    void* const p = arena.allocate(24, align);
    CHECK(isAligned(p, align));
    std::memset(p, 1, 24);
  }
}

TEST_CASE("a new block has room for the alignment") {
  Arena arena({.firstBlockBytes = 512});
  CHECK(isAligned(arena.allocate(2000, 4096), 4096));
  CHECK(arena.reservedBytes() == 512 + 2 * sizeof(void*) + 2000 + 4096 - alignof(std::max_align_t));
}

TEST_CASE("a full block: the last byte fits, the next one takes a new block") {
  Arena arena({.firstBlockBytes = 1024});
  const std::size_t payload = 1024 - 2 * sizeof(void*);
  char* const last = static_cast<char*>(arena.allocate(payload, 1)) + payload - 1;
  *last = 'x';
  CHECK(arena.reservedBytes() == 1024);
  arena.allocate(1, 1);
  CHECK(arena.reservedBytes() == 1024 + 2048);
  CHECK(*last == 'x');
}

TEST_CASE("zero bytes give a pointer and use nothing") {
  Arena arena;
  CHECK(arena.allocate(0) != nullptr);
  CHECK(arena.usedBytes() == 0);
  CHECK(arena.allocateChars(0).size() == 0);
  CHECK(arena.copy("").data() != nullptr);
}

TEST_CASE("sizes beyond the limit are refused, and the arena stays usable") {
  constexpr std::size_t kMax = std::numeric_limits<std::size_t>::max();
  struct Row {
    std::size_t bytes, align;
  };
  const Row rows[] = {{kMax, 1},       {kMax, 16},     {kMax - 15, 16},   {kMax / 2 + 1, 1},
                      {kMax - 64, 64}, {64 * 1024, 1}, {8, kMax / 2 + 1}, {8, std::size_t{1} << 40}};
  Arena arena({.firstBlockBytes = 1024, .retainBytes = 4096, .limitBytes = 16 * 1024});
  arena.allocate(100);
  for (const Row& row : rows) {
    CAPTURE(row.bytes);
    CAPTURE(row.align);
    CHECK_THROWS_AS(arena.allocate(row.bytes, row.align), std::bad_alloc);
  }
  CHECK(arena.reservedBytes() == 1024);
  CHECK(arena.usedBytes() == 100);
  CHECK_NOTHROW(arena.allocate(8));
}

TEST_CASE("both sides of the limit") {
  const std::size_t header = 2 * sizeof(void*);
  const ArenaOptions options{.firstBlockBytes = 1024, .retainBytes = 1024, .limitBytes = 8192};
  Arena fits(options);
  CHECK_NOTHROW(fits.allocate(8192 - 1024 - header, 1));
  CHECK(fits.reservedBytes() == 8192);
  CHECK_THROWS_AS(fits.allocate(1024, 1), std::bad_alloc);

  Arena over(options);
  CHECK_THROWS_AS(over.allocate(8192 - 1024 - header + 1, 1), std::bad_alloc);
  CHECK_THROWS_AS(Arena({.firstBlockBytes = 8193, .retainBytes = 0, .limitBytes = 8192}), std::bad_alloc);
  CHECK_NOTHROW(
      Arena({.firstBlockBytes = 0, .retainBytes = 0, .limitBytes = std::numeric_limits<std::size_t>::max()}));
}

TEST_CASE("before the limit refuses, retained blocks that are too small are given up") {
  Arena arena({.firstBlockBytes = 1024, .retainBytes = 8192, .limitBytes = 8192});
  arena.allocate(3000, 1);
  arena.reset();
  CHECK(arena.reservedBytes() > 4000);
  CHECK_NOTHROW(arena.allocate(7000, 1));
  CHECK(arena.reservedBytes() <= 8192);
}

TEST_CASE("reset keeps what retainBytes allows, so a warm cycle allocates nothing") {
  Arena arena({.firstBlockBytes = 1024, .retainBytes = 16 * 1024, .limitBytes = 1024 * 1024});
  const auto cycle = [&arena] {
    for (int i = 0; i < 100; ++i) arena.allocate(100);
    arena.reset();
  };
  cycle();
  const std::size_t reserved = arena.reservedBytes();
  AllocationCounter warm;
  for (int i = 0; i < 1000; ++i) cycle();
  CHECK(warm.count() == 0);
  CHECK(arena.reservedBytes() == reserved);
  CHECK(arena.usedBytes() == 0);
}

TEST_CASE("small and large cycles in turn: a large block goes before the retained ones, and none is lost") {
  h3::MemoryLedger ledger;
  {
    Arena arena({.firstBlockBytes = 1024, .retainBytes = 64 * 1024, .limitBytes = 1024 * 1024}, &ledger);
    const auto cycle = [&arena](std::size_t bytes) {
      arena.allocate(bytes);
      for (std::size_t i = 0; i < bytes; i += 1000) arena.allocate(1000);
      arena.reset();
    };
    cycle(2000);
    cycle(12'000);
    AllocationCounter warm;
    for (int i = 0; i < 100; ++i) cycle(i % 2 == 0 ? 2000 : 12'000);
    CHECK(warm.count() == 0);
    CHECK(ledger.inUseBytes() == arena.reservedBytes());
  }
  CHECK(ledger.reservedBytes() == 0);
}

TEST_CASE("reset frees the blocks beyond retainBytes, and always keeps the first") {
  Arena arena({.firstBlockBytes = 1024, .retainBytes = 4096, .limitBytes = 1024 * 1024});
  arena.allocate(500 * 1024);
  arena.reset();
  CHECK(arena.reservedBytes() == 1024);

  Arena none({.firstBlockBytes = 2048, .retainBytes = 0, .limitBytes = 1024 * 1024});
  none.reset();
  CHECK(none.reservedBytes() == 2048);
}

TEST_CASE("the high-water mark outlives reset and counts shrunk allocations") {
  Arena arena;
  arena.allocate(1000, 1);
  arena.reset();
  arena.allocate(10, 1);
  CHECK(arena.highWaterBytes() == 1000);
  void* const p = arena.allocate(2000, 1);
  CHECK(arena.extendLast(p, 2000, 1));
  CHECK(arena.usedBytes() == 11);
  CHECK(arena.highWaterBytes() == 2010);
}

TEST_CASE("extendLast grows and shrinks only the last allocation, only within its block") {
  Arena arena({.firstBlockBytes = 1024});
  const std::size_t payload = 1024 - 2 * sizeof(void*);
  void* const first = arena.allocate(100, 1);
  void* const last = arena.allocate(100, 1);
  CHECK_FALSE(arena.extendLast(first, 100, 101));
  CHECK(arena.extendLast(last, 100, payload - 100));
  CHECK_FALSE(arena.extendLast(last, payload - 100, payload - 99));
  CHECK_FALSE(arena.extendLast(last, payload - 100, std::numeric_limits<std::size_t>::max()));
  CHECK(arena.usedBytes() == payload);
  CHECK(arena.extendLast(last, payload - 100, 0));
  CHECK(arena.usedBytes() == 100);
}

TEST_CASE("copy and make") {
  struct Point {
    int x, y;
  };
  Arena arena;
  std::string text = "hello";
  const std::string_view copy = arena.copy(text);
  text = "other";
  CHECK(copy == "hello");
  CHECK(arena.make<Point>(1, 2)->y == 2);
}

TEST_CASE("pmr containers live in the arena") {
  Arena arena({.firstBlockBytes = 64 * 1024});
  AllocationCounter use;
  {
    std::pmr::vector<int> numbers(&arena.resource());
    for (int i = 0; i < 1000; ++i) numbers.push_back(i);
    CHECK(numbers.back() == 999);
  }
  CHECK(use.count() == 0);
  CHECK(arena.resource().is_equal(arena.resource()));
  Arena other;
  CHECK_FALSE(arena.resource().is_equal(other.resource()));
}

TEST_CASE("the ledger records every block") {
  h3::MemoryLedger ledger;
  {
    Arena arena({.firstBlockBytes = 1024, .retainBytes = 1024}, &ledger);
    CHECK(ledger.inUseBytes() == 1024);
    arena.allocate(5000);
    CHECK(ledger.inUseBytes() == arena.reservedBytes());
    arena.reset();
    CHECK(ledger.inUseBytes() == 1024);
  }
  CHECK(ledger.inUseBytes() == 0);
  CHECK(ledger.highWaterBytes() > 5000);
}

#if defined(H3_ADDRESS_SANITIZER)
TEST_CASE("bytes that are not handed out are poisoned") {
  Arena arena({.firstBlockBytes = 1024});
  char* const small = static_cast<char*>(arena.allocate(8, 8));
  CHECK_FALSE(isPoisoned(small));
  CHECK(isPoisoned(small + 8));
  char* const large = static_cast<char*>(arena.allocate(3000, 8));
  CHECK_FALSE(isPoisoned(large + 2999));
  CHECK(arena.extendLast(large, 3000, 16));
  CHECK(isPoisoned(large + 16));
  arena.reset();
  CHECK(isPoisoned(small));
  CHECK(isPoisoned(large));
}
#endif
