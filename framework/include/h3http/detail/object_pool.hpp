#pragma once
#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

namespace h3 {

/// Counts of a pool since its construction; `inUse` and `free` are of now.
struct PoolStats {
  std::uint64_t acquired = 0;
  std::uint64_t reused = 0;  ///< Acquires that created nothing.
  std::uint64_t created = 0;
  std::uint64_t destroyed = 0;
  std::size_t inUse = 0;
  std::size_t free = 0;
  std::size_t peakInUse = 0;

  /// 0..1; 1 when nothing was acquired yet.
  double reuseRatio() const noexcept {
    return acquired == 0 ? 1.0 : static_cast<double>(reused) / static_cast<double>(acquired);
  }
};

/// Constructed objects that are lent out and taken back; the last one returned is lent first (warm caches).
///
/// The pool does not reset objects: the caller does, before release() or after acquire().
/// Lifetime: an object belongs to the pool; all must be back when the pool is destroyed.
/// Allocates: in the constructor (`prefill` objects, room for `maxRetained` pointers), and in acquire() when
/// no object is free.   Threads: one owner.
template <class T>
class ObjectPool {
 public:
  using Factory = std::function<std::unique_ptr<T>()>;

  /// Keeps at most `maxRetained` free objects (at least `prefill`).
  ObjectPool(std::size_t prefill, std::size_t maxRetained, Factory factory)
      : maxRetained_(std::max(prefill, maxRetained)),
        factory_(std::move(factory)),
        free_(std::make_unique_for_overwrite<T*[]>(maxRetained_)) {
    try {
      while (freeCount_ < prefill) free_[freeCount_++] = create();
    } catch (...) {
      trim(0);
      throw;
    }
    leastFree_ = freeCount_;
  }

  ~ObjectPool() {
    assert(inUse() == 0 && "an object outlives its pool");
    trim(0);
  }
  ObjectPool(const ObjectPool&) = delete;
  ObjectPool& operator=(const ObjectPool&) = delete;

  /// Never null. Errors: what the factory throws.
  T* acquire() {
    if (freeCount_ == 0) [[unlikely]]
      return acquireNew();
    ++reused_;
    T* const object = free_[--freeCount_];
    if (freeCount_ < leastFree_) leastFree_ = freeCount_;
    return object;
  }

  /// `object` came from this pool's acquire(); null is ignored.
  void release(T* object) noexcept {
    if (object == nullptr) return;
    assert(inUse() > 0);
    if (freeCount_ < maxRetained_) [[likely]] {
      free_[freeCount_++] = object;
    } else {
      destroy(object);
    }
  }

  /// Destroys free objects until at most `keep` are left.
  void trim(std::size_t keep) noexcept {
    while (freeCount_ > keep) {
      T* const object = free_[--freeCount_];
      destroy(object);
    }
  }

  PoolStats stats() const noexcept {
    return {reused_ + missed_, reused_, created_, destroyed_, inUse(), freeCount_, peakInUse()};
  }
  double reuseRatio() const noexcept { return stats().reuseRatio(); }

 private:
  // Some counts are computed, so that acquire() and release() need not update them: objects in use are those
  // that exist and are not free; most were in use when the fewest were free.
  std::size_t existing() const noexcept { return static_cast<std::size_t>(created_ - destroyed_); }
  std::size_t inUse() const noexcept { return existing() - freeCount_; }
  std::size_t peakInUse() const noexcept { return std::max(peakInUse_, existing() - leastFree_); }

  [[gnu::noinline]] T* acquireNew() {
    T* const object = create();
    ++missed_;
    peakInUse_ = std::max(peakInUse_, inUse());
    return object;
  }

  T* create() {
    std::unique_ptr<T> object = factory_();
    ++created_;
    return object.release();
  }

  [[gnu::noinline]] void destroy(T* object) noexcept {
    peakInUse_ = peakInUse();
    ++destroyed_;
    leastFree_ = freeCount_;
    delete object;
  }

  std::size_t maxRetained_;
  std::size_t freeCount_ = 0;
  std::size_t leastFree_ = 0;  ///< since an object was destroyed
  std::size_t peakInUse_ = 0;  ///< until then
  std::uint64_t reused_ = 0;
  std::uint64_t missed_ = 0;
  std::uint64_t created_ = 0;
  std::uint64_t destroyed_ = 0;
  Factory factory_;
  std::unique_ptr<T*[]> free_;
};

}  // namespace h3
