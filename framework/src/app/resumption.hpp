// A function to be called once, later.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace h3 {

/// A callable without arguments, moved into the object itself: no heap memory.
///
/// Like C++23's std::move_only_function<void()>, but it fits in or does not compile, and is empty once called. Threads:
/// one owner.
class Resumption {
 public:
  static constexpr std::size_t kBytes = 64;

  Resumption() = default;
  template <class F>
  requires(!std::is_same_v<std::remove_cvref_t<F>, Resumption>)
      // NOLINTNEXTLINE(bugprone-forwarding-reference-overload): not for another Resumption
      explicit Resumption(F&& call) {
    using Call = std::decay_t<F>;
    static_assert(sizeof(Call) <= kBytes, "capture less, or a pointer to it");
    static_assert(alignof(Call) <= alignof(std::max_align_t));
    static_assert(std::is_nothrow_move_constructible_v<Call>);
    ::new (static_cast<void*>(storage_)) Call(std::forward<F>(call));
    operations_ = &kOperationsOf<Call>;
  }
  Resumption(Resumption&& other) noexcept { takeFrom(other); }
  Resumption& operator=(Resumption&& other) noexcept {
    if (this != &other) {
      clear();
      takeFrom(other);
    }
    return *this;
  }
  ~Resumption() { clear(); }

  explicit operator bool() const { return operations_ != nullptr; }
  /// Calls it; it is empty before that, so it may be assigned within the call.
  void operator()() {
    Resumption called(std::move(*this));
    called.operations_->call(called.storage_);
  }

 private:
  struct Operations {
    void (*call)(void*);
    void (*move)(void* from, void* to) noexcept;
    void (*destroy)(void*) noexcept;
  };
  template <class Call>
  static constexpr Operations kOperationsOf{
      [](void* call) { std::move (*static_cast<Call*>(call))(); },
      [](void* from, void* to) noexcept { ::new (to) Call(std::move(*static_cast<Call*>(from))); },
      [](void* call) noexcept { std::destroy_at(static_cast<Call*>(call)); }};

  void takeFrom(Resumption& other) noexcept {
    if (other.operations_ == nullptr) return;
    operations_ = other.operations_;
    operations_->move(other.storage_, storage_);
    other.clear();
  }
  void clear() noexcept {
    if (operations_ != nullptr) std::exchange(operations_, nullptr)->destroy(storage_);
  }

  alignas(std::max_align_t) std::byte storage_[kBytes];
  const Operations* operations_ = nullptr;
};

}  // namespace h3
