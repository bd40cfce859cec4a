// Memory for zlib and brotli, kept from one use to the next.
#pragma once

#include <array>
#include <cstddef>

namespace h3::compression {

/// Blocks of a few sizes, kept when they are freed: libbrotli makes and frees the same ones for each body.
///
/// Lifetime: all blocks must be freed before it is destroyed. Allocates: when no free block fits; keeps at most
/// kMaxBlocks and kMaxKeptBytes. Threads: one owner. Errors: nullptr when the system has no more.
class BlockCache {
 public:
  static constexpr std::size_t kMaxBlocks = 64;
  static constexpr std::size_t kMaxKeptBytes = std::size_t{8} * 1024 * 1024;

  BlockCache() = default;
  ~BlockCache();
  BlockCache(const BlockCache&) = delete;
  BlockCache& operator=(const BlockCache&) = delete;

  void* allocate(std::size_t bytes) noexcept;
  void free(void* block) noexcept;
  std::size_t keptBytes() const { return keptBytes_; }

  // As libbrotli takes them.
  static void* allocateFrom(void* cache, std::size_t bytes) {
    return static_cast<BlockCache*>(cache)->allocate(bytes);
  }
  static void freeTo(void* cache, void* block) { static_cast<BlockCache*>(cache)->free(block); }

 private:
  struct alignas(std::max_align_t) Block {
    std::size_t capacity;
  };

  Block* takeKept(std::size_t capacity) noexcept;

  std::array<Block*, kMaxBlocks> kept_{};
  std::size_t count_ = 0;
  std::size_t keptBytes_ = 0;
};

}  // namespace h3::compression
