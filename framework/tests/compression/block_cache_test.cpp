#include "compression/block_cache.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <vector>

using h3::compression::BlockCache;

TEST_CASE("a block that was freed is given again, also for a size close to it") {
  BlockCache cache;
  void* const first = cache.allocate(1000);
  std::memset(first, 1, 1000);
  CHECK(reinterpret_cast<std::uintptr_t>(first) % alignof(std::max_align_t) == 0);
  CHECK(cache.keptBytes() == 0);
  cache.free(first);
  CHECK(cache.keptBytes() == 1024);
  CHECK(cache.allocate(970) == first);
  cache.free(first);
  void* const small = cache.allocate(100);
  CHECK(small != first);
  cache.free(small);
}

TEST_CASE("of several blocks the smallest that fits is given") {
  BlockCache cache;
  void* const large = cache.allocate(2000);
  void* const fitting = cache.allocate(1200);
  cache.free(large);
  cache.free(fitting);
  CHECK(cache.allocate(1100) == fitting);
  CHECK(cache.allocate(1100) == large);
  cache.free(large);
  cache.free(fitting);
}

TEST_CASE("what is kept has a bound in blocks and in bytes") {
  BlockCache cache;
  std::vector<void*> blocks;
  for (std::size_t i = 0; i < BlockCache::kMaxBlocks + 10; ++i) blocks.push_back(cache.allocate(64));
  for (void* const block : blocks) cache.free(block);
  CHECK(cache.keptBytes() == BlockCache::kMaxBlocks * 64);

  BlockCache large;
  void* const first = large.allocate(BlockCache::kMaxKeptBytes / 2);
  void* const second = large.allocate(BlockCache::kMaxKeptBytes);
  std::memset(second, 1, BlockCache::kMaxKeptBytes);
  large.free(first);
  large.free(second);
  CHECK(large.keptBytes() == BlockCache::kMaxKeptBytes / 2);
}

TEST_CASE("absurd sizes and null") {
  BlockCache cache;
  CHECK(cache.allocate(SIZE_MAX) == nullptr);
  cache.free(nullptr);
  void* const empty = cache.allocate(0);
  CHECK(empty != nullptr);
  cache.free(empty);
}
