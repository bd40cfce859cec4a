// Cancels what a deferred handler waits for.
#pragma once

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_type.hpp>

namespace h3 {

/// The cancellation signal of an event, used by one deferred handler at a time.
///
/// Allocates: the first handler in the slot; those of later requests use its memory again. Threads: one
/// owner.
class Cancellation {
 public:
  /// An empty slot. Only deferred handlers pay for it.
  boost::asio::cancellation_slot slot() {
    used_ = true;
    return signal_.slot();
  }
  /// Cancels what is in the slot. May end the handler before it returns.
  void cancel() {
    if (used_) signal_.emit(boost::asio::cancellation_type::terminal);
  }
  bool isUsed() const noexcept { return used_; }
  /// Empties the slot, and keeps its memory.
  void reset() {
    if (used_) [[unlikely]]
      empty();
  }

 private:
  struct Nothing {
    void operator()(boost::asio::cancellation_type_t) const {}
  };

  [[gnu::noinline]] void empty() {
    signal_.slot().emplace<Nothing>();
    used_ = false;
  }

  boost::asio::cancellation_signal signal_;
  bool used_ = false;
};

}  // namespace h3
