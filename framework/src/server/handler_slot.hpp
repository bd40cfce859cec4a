// Memory for one pending Asio operation, reused each time.
#pragma once

#include <array>
#include <boost/asio/bind_allocator.hpp>
#include <cstddef>
#include <new>
#include <utility>

namespace h3::server {

/// Storage for the one operation that an object has pending at a time (its wait, its timer).
///
/// Asio keeps a few recently freed blocks per thread for reuse. H3's own loops do not use them, so that their
/// sizes depend only on users' coroutines, not on how their operations and H3's interleave. Threads: one
/// owner. An operation that finds the slot taken or too small uses the heap.
class HandlerSlot {
 public:
  HandlerSlot() = default;
  HandlerSlot(const HandlerSlot&) = delete;
  HandlerSlot& operator=(const HandlerSlot&) = delete;

  void* allocate(std::size_t bytes) {
    if (taken_ || bytes > storage_.size()) return ::operator new(bytes);
    taken_ = true;
    return storage_.data();
  }
  void deallocate(void* memory) {
    if (memory == storage_.data()) {
      taken_ = false;
    } else {
      ::operator delete(memory);
    }
  }

 private:
  alignas(std::max_align_t) std::array<std::byte, 256> storage_;
  bool taken_ = false;
};

/// The standard allocator interface on a HandlerSlot.
template <class T>
class HandlerAllocator {
 public:
  using value_type = T;

  explicit HandlerAllocator(HandlerSlot& slot) noexcept : slot_(&slot) {}
  template <class U>
  HandlerAllocator(const HandlerAllocator<U>& other) noexcept : slot_(other.slot_) {}

  T* allocate(std::size_t count) { return static_cast<T*>(slot_->allocate(sizeof(T) * count)); }
  void deallocate(T* memory, std::size_t) { slot_->deallocate(memory); }
  friend bool operator==(const HandlerAllocator& a, const HandlerAllocator& b) { return a.slot_ == b.slot_; }

 private:
  template <class U>
  friend class HandlerAllocator;
  HandlerSlot* slot_;
};

/// `handler`, with its memory in `slot`, which must outlive the operation.
template <class Handler>
auto inSlot(HandlerSlot& slot, Handler handler) {
  return boost::asio::bind_allocator(HandlerAllocator<std::byte>(slot), std::move(handler));
}

}  // namespace h3::server
