#include "compression/block_cache.hpp"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <limits>
#include <new>

namespace h3::compression {
namespace {

// Four sizes for each power of two, so that bodies of all lengths come to need the same blocks.
std::size_t roundedUp(std::size_t bytes) {
  const std::size_t step = std::max<std::size_t>(64, std::bit_floor(bytes) / 4);
  return (bytes + step - 1) / step * step;
}

}  // namespace

BlockCache::~BlockCache() {
  for (std::size_t i = 0; i < count_; ++i) std::free(kept_[i]);
}

void* BlockCache::allocate(std::size_t bytes) noexcept {
  if (bytes > std::numeric_limits<std::size_t>::max() / 4) return nullptr;
  const std::size_t capacity = roundedUp(bytes);
  Block* block = takeKept(capacity);
  if (block == nullptr) {
    void* const memory = std::malloc(sizeof(Block) + capacity);
    if (memory == nullptr) return nullptr;
    block = ::new (memory) Block{capacity};
  }
  return block + 1;
}

// The smallest that fits, but none of more than twice the size: that would be missing where it is needed.
BlockCache::Block* BlockCache::takeKept(std::size_t capacity) noexcept {
  std::size_t best = count_;
  for (std::size_t i = 0; i < count_; ++i) {
    const std::size_t found = kept_[i]->capacity;
    if (found < capacity || found > 2 * capacity) continue;
    if (best == count_ || found < kept_[best]->capacity) best = i;
  }
  if (best == count_) return nullptr;
  Block* const block = kept_[best];
  keptBytes_ -= block->capacity;
  kept_[best] = kept_[--count_];
  return block;
}

void BlockCache::free(void* freed) noexcept {
  if (freed == nullptr) return;
  Block* const block = static_cast<Block*>(freed) - 1;
  if (count_ == kMaxBlocks || keptBytes_ + block->capacity > kMaxKeptBytes) return std::free(block);
  kept_[count_++] = block;
  keptBytes_ += block->capacity;
}

}  // namespace h3::compression
