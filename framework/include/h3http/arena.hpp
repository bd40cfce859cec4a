#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory_resource>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

#if defined(__SANITIZE_ADDRESS__)  // GCC
#define H3_ADDRESS_SANITIZER 1
#elif defined(__has_feature)  // clang
#if __has_feature(address_sanitizer)
#define H3_ADDRESS_SANITIZER 1
#endif
#endif

#if defined(H3_ADDRESS_SANITIZER)
#include <sanitizer/asan_interface.h>
#define H3_POISON(address, bytes) __asan_poison_memory_region((address), (bytes))
#define H3_UNPOISON(address, bytes) __asan_unpoison_memory_region((address), (bytes))
#else
#define H3_POISON(address, bytes) (static_cast<void>(address), static_cast<void>(bytes))
#define H3_UNPOISON(address, bytes) (static_cast<void>(address), static_cast<void>(bytes))
#endif

namespace h3 {

class MemoryLedger;

/// Sizes of an Arena, in bytes. Blocks count whole, with their headers.
struct ArenaOptions {
  std::size_t firstBlockBytes = 4096;         ///< Allocated at construction, kept for the lifetime.
  std::size_t retainBytes = 64 * 1024;        ///< reset() keeps blocks up to this sum (and always the first).
  std::size_t limitBytes = 16 * 1024 * 1024;  ///< The sum of all blocks never exceeds this.
};

/// Memory that is handed out by moving a cursor, and taken back all together.
///
///     first block            second               third
///     [hdr|aaa|bb|cccc|..] -> [hdr|ddddddddd|..] -> [hdr|.......free.......]
///                                          ^ cursor      kept from before the last reset()
///
/// Lifetime: everything handed out is valid until reset() or destruction. Nothing is destroyed, so make()
/// takes trivially destructible types only. Allocates: the first block in the constructor, further ones when
/// the retained ones are full. Threads: one owner. Errors: std::bad_alloc beyond limitBytes, or when the
/// system has no more; the arena stays usable. Under AddressSanitizer the bytes not handed out are poisoned,
/// so use after reset() is reported.
class Arena {
 public:
  /// The ledger, if any, records every block that is allocated and freed; it must outlive the arena.
  explicit Arena(ArenaOptions options = {}, MemoryLedger* ledger = nullptr);
  ~Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  /// `align` is a power of two. Zero bytes give a non-null pointer that must not be dereferenced.
  void* allocate(std::size_t bytes, std::size_t align = alignof(std::max_align_t)) {
    const std::size_t padding = (0 - reinterpret_cast<std::uintptr_t>(cursor_)) & (align - 1);
    const std::size_t left = static_cast<std::size_t>(end_ - cursor_);
    if (padding > left || bytes > left - padding) [[unlikely]] {
      return allocateInNextBlock(bytes, align);
    }
    char* const result = cursor_ + padding;
    cursor_ = result + bytes;
    H3_UNPOISON(result, bytes);
    return result;
  }

  std::span<char> allocateChars(std::size_t count) { return {static_cast<char*>(allocate(count, 1)), count}; }

  std::string_view copy(std::string_view text) {
    if (text.empty()) return "";
    char* const bytes = static_cast<char*>(allocate(text.size(), 1));
    std::memcpy(bytes, text.data(), text.size());
    return {bytes, text.size()};
  }

  template <class T, class... Args>
  T* make(Args&&... args) {
    static_assert(std::is_trivially_destructible_v<T>, "an arena runs no destructors");
    return ::new (allocate(sizeof(T), alignof(T))) T(std::forward<Args>(args)...);
  }

  /// Grows or shrinks an allocation in place: true when [p, p + oldBytes) is the most recent one and the new
  /// size fits its block; else nothing changes.
  bool extendLast(void* p, std::size_t oldBytes, std::size_t newBytes) noexcept;

  /// Takes back everything. O(1) while at most retainBytes are held; else frees the blocks beyond.
  void reset() noexcept {
    if (cursor_ != firstPayload_) rewind();  // else nothing was handed out
  }

  /// Bytes handed out since reset(), including alignment gaps.
  std::size_t usedBytes() const noexcept {
    return cursor_ == firstPayload_ ? 0 : usedInEarlierBlocks_ + usedInCurrentBlock();
  }
  /// Bytes held from the system.
  std::size_t reservedBytes() const noexcept { return reservedBytes_; }
  /// The largest usedBytes() so far; reset() keeps it.
  std::size_t highWaterBytes() const noexcept {
    return usedBytes() > highWaterBytes_ ? usedBytes() : highWaterBytes_;
  }

  /// For std::pmr containers that do not outlive the next reset().
  std::pmr::memory_resource& resource() noexcept { return resource_; }

 protected:
  /// Stops recording in the ledger: the owner does it from now on.
  void detachLedger() noexcept { ledger_ = nullptr; }

 private:
  struct Block;
  class Resource final : public std::pmr::memory_resource {
   public:
    explicit Resource(Arena& arena) noexcept : arena_(arena) {}

   private:
    void* do_allocate(std::size_t bytes, std::size_t align) override { return arena_.allocate(bytes, align); }
    void do_deallocate(void* p, std::size_t bytes, std::size_t) override { arena_.extendLast(p, bytes, 0); }
    bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override {
      return this == &other;
    }
    Arena& arena_;
  };

  void* allocateInNextBlock(std::size_t bytes, std::size_t align);
  Block* newBlock(std::size_t payloadBytes);
  void enter(Block* block) noexcept;
  void freeBlock(Block* block) noexcept;
  void freeAfter(Block* block) noexcept;
  void rewind() noexcept;
  void freeBeyondRetained() noexcept;
  void poisonUsed() noexcept;
  std::size_t usedInCurrentBlock() const noexcept;

  char* cursor_ = nullptr;
  char* end_ = nullptr;
  Block* current_ = nullptr;
  Block* first_ = nullptr;
  char* firstPayload_ = nullptr;
  std::size_t usedInEarlierBlocks_ = 0;
  std::size_t reservedBytes_ = 0;
  std::size_t highWaterBytes_ = 0;
  ArenaOptions options_;
  MemoryLedger* ledger_;
  Resource resource_{*this};
};

}  // namespace h3
