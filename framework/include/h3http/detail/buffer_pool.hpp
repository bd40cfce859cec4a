#pragma once
#include <array>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <new>

#include "h3http/detail/memory_ledger.hpp"

namespace h3 {

/// Bytes lent by a BufferPool; a plain handle, `data` is null when it holds none.
struct Buffer {
  char* data = nullptr;
  std::uint32_t capacity = 0;
};

/// How much free memory the pool keeps, in bytes.
struct BufferPoolOptions {
  std::size_t retainBytesPerClass = 1024 * 1024;
  std::size_t retainBytes = 4 * 1024 * 1024;  ///< Over all classes.
};

struct BufferPoolStats {
  std::uint64_t acquired = 0;
  std::uint64_t reused = 0;  ///< Acquires without memory from the system.
  std::uint64_t created = 0;
  std::uint64_t destroyed = 0;
  std::size_t inUse = 0;
  std::size_t inUseBytes = 0;
  std::size_t freeBytes = 0;
  std::size_t peakInUseBytes = 0;
};

/// Byte buffers of 4 KiB, 8 KiB, ... 32 MiB; the last one returned of a size is lent first.
///
/// Lifetime: a buffer belongs to the pool; all must be back when the pool is destroyed.
/// Allocates: in prefill(), and in acquire() when the size has no free buffer.   Threads: one owner.
class BufferPool {
 public:
  static constexpr std::size_t kSmallestBytes = 4096;
  static constexpr std::size_t kClassCount = 14;
  static constexpr std::size_t kLargestBytes = kSmallestBytes << (kClassCount - 1);

  /// The ledger, if any, must outlive the pool.
  explicit BufferPool(BufferPoolOptions options = {}, MemoryLedger* ledger = nullptr) noexcept;
  ~BufferPool();
  BufferPool(const BufferPool&) = delete;
  BufferPool& operator=(const BufferPool&) = delete;

  /// The smallest buffer with at least `minBytes`. Errors: std::bad_alloc over kLargestBytes or when the
  /// system has no more.
  Buffer acquire(std::size_t minBytes) {
    const std::size_t sizeClass = classOf(minBytes);
    if (minBytes > kLargestBytes || classes_[sizeClass].free == nullptr) [[unlikely]]
      return acquireNew(minBytes);
    ++stats_.reused;
    return lend(sizeClass, pop(sizeClass));
  }

  /// Takes a buffer of this pool back, or frees it when enough is retained. An empty handle is ignored.
  void release(Buffer buffer) noexcept {
    if (buffer.data == nullptr) return;
    const std::size_t sizeClass = classOf(buffer.capacity);
    assert(bytesOf(sizeClass) == buffer.capacity && stats_.inUse > 0);
    --stats_.inUse;
    stats_.inUseBytes -= buffer.capacity;
    if (ledger_ != nullptr) ledger_->parked(buffer.capacity);
    if (mayRetain(sizeClass)) [[likely]] {
      push(sizeClass, buffer.data);
    } else {
      destroy(sizeClass, buffer.data);
    }
  }

  /// Adds `count` free buffers of at least `bytes` each. These are kept from now on, whatever the retain
  /// limits.
  void prefill(std::size_t bytes, std::size_t count);

  /// Frees the free buffers beyond those of prefill().
  void trim() noexcept;

  BufferPoolStats stats() const noexcept {
    BufferPoolStats result = stats_;
    result.acquired = stats_.reused + missed_;
    return result;
  }

 private:
  struct FreeBuffer {
    FreeBuffer* next;
  };
  struct SizeClass {
    FreeBuffer* free = nullptr;
    std::size_t freeCount = 0;
    std::size_t prefillCount = 0;
  };

  static std::size_t classOf(std::size_t bytes) noexcept {
    return static_cast<std::size_t>(
        std::bit_width((bytes > kSmallestBytes ? bytes - 1 : 0) / kSmallestBytes));
  }
  static std::size_t bytesOf(std::size_t sizeClass) noexcept { return kSmallestBytes << sizeClass; }
  Buffer acquireNew(std::size_t minBytes);
  char* create(std::size_t sizeClass);
  void destroy(std::size_t sizeClass, char* data) noexcept;

  Buffer lend(std::size_t sizeClass, char* data) noexcept {
    const std::size_t bytes = bytesOf(sizeClass);
    ++stats_.inUse;
    stats_.inUseBytes += bytes;
    if (stats_.inUseBytes > stats_.peakInUseBytes) stats_.peakInUseBytes = stats_.inUseBytes;
    if (ledger_ != nullptr) ledger_->unparked(bytes);
    return {data, static_cast<std::uint32_t>(bytes)};
  }
  // The list runs through the first bytes of the free buffers themselves.
  void push(std::size_t sizeClass, char* data) noexcept {
    SizeClass& list = classes_[sizeClass];
    list.free = ::new (data) FreeBuffer{list.free};
    ++list.freeCount;
    stats_.freeBytes += bytesOf(sizeClass);
  }
  char* pop(std::size_t sizeClass) noexcept {
    SizeClass& list = classes_[sizeClass];
    FreeBuffer* const buffer = list.free;
    list.free = buffer->next;
    --list.freeCount;
    stats_.freeBytes -= bytesOf(sizeClass);
    return reinterpret_cast<char*>(buffer);
  }
  bool mayRetain(std::size_t sizeClass) const noexcept {
    const SizeClass& list = classes_[sizeClass];
    if (list.freeCount < list.prefillCount) return true;
    const std::size_t bytes = bytesOf(sizeClass);
    return (list.freeCount + 1) * bytes <= options_.retainBytesPerClass &&
           stats_.freeBytes + bytes <= options_.retainBytes;
  }

  std::array<SizeClass, kClassCount> classes_{};
  BufferPoolOptions options_;
  BufferPoolStats stats_;  ///< `acquired` is computed from the other two.
  std::uint64_t missed_ = 0;
  MemoryLedger* ledger_;
};

}  // namespace h3
