#include "h3http/detail/buffer_pool.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <new>
#include <sstream>
#include <string>
#include <vector>

#include "allocation_counter.hpp"
#include "h3http/detail/memory_ledger.hpp"

using h3::Buffer;
using h3::BufferPool;
using h3::test::AllocationCounter;

namespace {

/// Whether huge pages were requested for `address`: proc(5), smaps, VmFlags.
bool wantsHugePages(const void* address) {
  const auto wanted = reinterpret_cast<std::uintptr_t>(address);
  std::ifstream maps("/proc/self/smaps");
  bool here = false;
  for (std::string line; std::getline(maps, line);) {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
    char dash = 0;
    if (std::istringstream range(line); range >> std::hex >> begin >> dash >> end && dash == '-')
      here = begin <= wanted && wanted < end;
    if (here && line.starts_with("VmFlags:")) return line.find(" hg") != std::string::npos;
  }
  return false;
}

}  // namespace

TEST_CASE("from 4 MiB on buffers use huge pages, if the kernel has them") {
  constexpr std::size_t kMiB = 1024 * 1024;
  const bool kernelHas = std::filesystem::exists("/sys/kernel/mm/transparent_hugepage/enabled");
  BufferPool pool;
  for (const std::size_t bytes : {kMiB, 2 * kMiB, 4 * kMiB, 16 * kMiB, 32 * kMiB}) {
    CAPTURE(bytes);
    const bool large = bytes >= 4 * kMiB;
    const Buffer buffer = pool.acquire(bytes);
    if (large) CHECK(reinterpret_cast<std::uintptr_t>(buffer.data) % (2 * kMiB) == 0);
    if (large && kernelHas) CHECK(wantsHugePages(buffer.data + bytes / 2));
    pool.release(buffer);
  }
}

TEST_CASE("sizes are powers of two from 4 KiB to 32 MiB") {
  struct Row {
    std::size_t asked, got;
  };
  constexpr std::size_t kMiB = 1024 * 1024;
  const Row rows[] = {{0, 4096},
                      {1, 4096},
                      {4096, 4096},
                      {4097, 8192},
                      {8192, 8192},
                      {8193, 16384},
                      {100'000, 131072},
                      {kMiB, kMiB},
                      {kMiB + 1, 2 * kMiB},
                      {16 * kMiB + 1, 32 * kMiB},
                      {32 * kMiB, 32 * kMiB}};
  BufferPool pool;
  for (const Row& row : rows) {
    CAPTURE(row.asked);
    const Buffer buffer = pool.acquire(row.asked);
    CHECK(buffer.capacity == row.got);
    buffer.data[row.got - 1] = 'x';
    pool.release(buffer);
  }
  CHECK_THROWS_AS(pool.acquire(32 * kMiB + 1), std::bad_alloc);
  CHECK_THROWS_AS(pool.acquire(std::numeric_limits<std::size_t>::max()), std::bad_alloc);
  CHECK_THROWS_AS(pool.prefill(32 * kMiB + 1, 1), std::bad_alloc);
  CHECK(pool.stats().inUse == 0);
}

TEST_CASE("the last buffer returned is lent first, and nothing is allocated for it") {
  BufferPool pool;
  const Buffer a = pool.acquire(5000);
  const Buffer b = pool.acquire(5000);
  std::memset(a.data, 'a', a.capacity);
  pool.release(a);
  pool.release(b);
  AllocationCounter warm;
  CHECK(pool.acquire(8192).data == b.data);
  CHECK(pool.acquire(4097).data == a.data);
  CHECK(warm.count() == 0);
  const auto stats = pool.stats();
  CHECK(stats.acquired == 4);
  CHECK(stats.reused == 2);
  CHECK(stats.created == 2);
  CHECK(stats.inUseBytes == 2 * 8192);
  CHECK(stats.peakInUseBytes == 2 * 8192);
  pool.release(a);
  pool.release(b);
  pool.release({});
}

TEST_CASE("retained bytes are bounded for each size and in total") {
  struct Row {
    std::size_t perClass, total, smallKept, largeKept;  ///< In units of 4 KiB; a large buffer is two.
  };
  const Row rows[] = {{3, 4, 3, 0},   {3, 5, 3, 1},   {3, 100, 3, 1}, {4, 100, 4, 2},
                      {100, 7, 4, 1}, {0, 100, 0, 0}, {100, 0, 0, 0}, {100, 100, 4, 4}};
  for (const Row& row : rows) {
    CAPTURE(row.perClass);
    CAPTURE(row.total);
    BufferPool pool({.retainBytesPerClass = row.perClass * 4096, .retainBytes = row.total * 4096});
    std::vector<Buffer> lent;
    for (int i = 0; i < 4; ++i) lent.push_back(pool.acquire(4096));
    for (int i = 0; i < 4; ++i) lent.push_back(pool.acquire(8192));
    for (const Buffer buffer : lent) pool.release(buffer);
    CHECK(pool.stats().freeBytes == (row.smallKept + 2 * row.largeKept) * 4096);
    CHECK(pool.stats().destroyed == 8 - row.smallKept - row.largeKept);
  }
}

TEST_CASE("the prefill is kept whatever the limits, and trim keeps just that") {
  BufferPool pool({.retainBytesPerClass = 64 * 1024, .retainBytes = 64 * 1024});
  pool.prefill(16 * 1024, 5);
  CHECK(pool.stats().freeBytes == 5 * 16 * 1024);
  std::vector<Buffer> lent;
  for (int i = 0; i < 6; ++i) lent.push_back(pool.acquire(16 * 1024));
  CHECK(pool.stats().reused == 5);
  const Buffer small = pool.acquire(1);
  pool.release(small);
  for (const Buffer buffer : lent) pool.release(buffer);
  CHECK(pool.stats().freeBytes == 5 * 16 * 1024 + 4096);
  pool.trim();
  CHECK(pool.stats().freeBytes == 5 * 16 * 1024);
}

TEST_CASE("a buffer is in the ledger as in use or parked, never both") {
  h3::MemoryLedger ledger;
  {
    BufferPool pool({.retainBytesPerClass = 4096, .retainBytes = 4096}, &ledger);
    pool.prefill(4096, 1);
    CHECK(ledger.parkedBytes() == 4096);
    CHECK(ledger.highWaterBytes() == 0);
    const Buffer a = pool.acquire(1);
    const Buffer b = pool.acquire(1);
    CHECK(ledger.inUseBytes() == 8192);
    CHECK(ledger.parkedBytes() == 0);
    pool.release(a);
    pool.release(b);
    CHECK(ledger.reservedBytes() == 4096);
    CHECK(ledger.inUseBytes() == 0);
    CHECK(ledger.highWaterBytes() == 8192);
  }
  CHECK(ledger.reservedBytes() == 0);
}
