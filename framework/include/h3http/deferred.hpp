// Deferred: completes an event after its handler has returned.
#pragma once

#include <cstdint>
#include <exception>

namespace h3 {

class DeferredTable;
class Event;

/// Completes one deferred event, once: what Event::defer() returns.
///
/// All copies stand for the same request. The first complete() or fail() of any of them ends it; further calls do
/// nothing but count (Metric::lateCompletions), whatever the event serves by then. So a result and a timer may
/// race:
///
///     const Deferred later = event.defer();
///     onResult([later](std::string_view text) {
///       if (Event* event = later.event()) event->sendText(text);
///       later.complete();
///     });
///
/// Lifetime: until the server is destroyed. Allocates: nothing. Threads: the event's worker; copies may be made and
/// destroyed on any.
class Deferred {
 public:
  /// Stands for no request: complete() and fail() return false.
  Deferred() = default;

  /// The event, while it waits for its response; nullptr when it has one, also the 504 of
  /// TimeoutConfig::handlerMs.
  Event* event() const;
  /// Sends the response. Returns false when the request had one already.
  bool complete() const;
  /// As an exception of the handler: HttpError gives its status, anything else a 500.
  bool fail(std::exception_ptr error) const;

 private:
  friend class DeferredTable;
  Deferred(DeferredTable& table, std::uint64_t generation, std::uint32_t slot)
      : table_(&table), generation_(generation), slot_(slot) {}

  DeferredTable* table_ = nullptr;
  std::uint64_t generation_ = 0;
  std::uint32_t slot_ = 0;
};

}  // namespace h3
