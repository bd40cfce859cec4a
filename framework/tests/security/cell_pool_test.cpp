#include "security/cell_pool.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "../memory/allocation_counter.hpp"

using h3::security::CellPool;

namespace {

std::string readAll(const CellPool& pool, std::uint32_t first, std::size_t bytes) {
  std::string text(bytes, '?');
  pool.read(first, bytes, text.data());
  return text;
}

}  // namespace

TEST_CASE("byte strings of every length around a cell's") {
  CellPool pool(100);
  for (const std::size_t bytes : {0U, 1U, 251U, 252U, 253U, 504U, 505U, 5000U}) {
    std::string text;
    for (std::size_t i = 0; i < bytes; ++i) text.push_back(static_cast<char>('a' + i % 26));
    const std::uint32_t first = pool.store(text);
    CHECK(pool.usedCells() == CellPool::cellsFor(bytes));
    CHECK(readAll(pool, first, bytes) == text);
    pool.release(first);
    CHECK(pool.usedCells() == 0);
  }
}

TEST_CASE("the bound, on both sides, and cells that come back") {
  CellPool pool(10);
  CHECK(pool.hasRoomFor(10 * CellPool::kPayloadBytes));
  CHECK_FALSE(pool.hasRoomFor(10 * CellPool::kPayloadBytes + 1));
  const std::uint32_t kept = pool.store(std::string(7 * CellPool::kPayloadBytes, 'k'));
  CHECK(pool.hasRoomFor(3 * CellPool::kPayloadBytes));
  CHECK_FALSE(pool.hasRoomFor(3 * CellPool::kPayloadBytes + 1));
  for (int i = 0; i < 100; ++i) {
    const std::string text(3 * CellPool::kPayloadBytes, static_cast<char>('a' + i % 26));
    const std::uint32_t first = pool.store(text);
    CHECK(readAll(pool, first, text.size()) == text);
    pool.release(first);
  }
  CHECK(readAll(pool, kept, 7 * CellPool::kPayloadBytes) == std::string(7 * CellPool::kPayloadBytes, 'k'));
}

TEST_CASE("released bytes are wiped") {
  CellPool pool(4);
  const std::uint32_t first = pool.store("a password");
  pool.release(first);
  CHECK(readAll(pool, first, 10) == std::string(10, '\0'));
}

TEST_CASE("slabs are allocated as they are needed, once") {
  CellPool pool(1000);
  std::vector<std::uint32_t> held;
  held.reserve(1000);
  const h3::test::AllocationCounter all;
  for (int i = 0; i < 256; ++i) held.push_back(pool.store("x"));
  const std::size_t afterOne = all.count();
  CHECK(afterOne <= 2);  // the slab and the list of slabs
  held.push_back(pool.store("x"));
  CHECK(all.count() > afterOne);
  for (const std::uint32_t first : held) pool.release(first);
  const h3::test::AllocationCounter again;
  for (int i = 0; i < 256; ++i) pool.store("x");
  CHECK(again.count() == 0);
}
