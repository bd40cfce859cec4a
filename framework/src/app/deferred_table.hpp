// The deferred events of a worker, by handles that may outlive them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "app/resumption.hpp"
#include "h3http/deferred.hpp"
#include "h3http/method.hpp"
#include "monitor/worker_counters.hpp"

namespace h3 {

struct EventState;

/// Which events still wait for their handler.
///
///     Deferred {slot 1, generation 7}      slots_  | 0: free    | 1: generation 8, event B |
///                                                     a late handle: 7 is over, B is not touched
///
/// A slot's generation changes when its event is completed, so a handle that comes late is recognised without
/// looking at the event, which may be free or serve another request.
///
/// Lifetime: `counters` must outlive it; it must outlive all handles that are used. Allocates: in add(), when more
/// events are deferred at the same time than ever before. Threads: one owner.
class DeferredTable {
 public:
  explicit DeferredTable(WorkerCounters& counters) : counters_(counters) {}
  DeferredTable(const DeferredTable&) = delete;
  DeferredTable& operator=(const DeferredTable&) = delete;

  /// `route` is for the log and must stay valid. Errors: std::bad_alloc.
  Deferred add(Event& event, std::string_view route);
  /// The event, unless it has its response.
  Event* find(const Deferred& handle) const;
  /// Ends the handle's event, by its EventState::host. Returns whether it had no response yet; if it had,
  /// counts a late completion.
  bool complete(const Deferred& handle);
  bool fail(const Deferred& handle, std::exception_ptr error);
  /// `resumption` is called, from the event's loop, when what the layer with this handle waits for has ended.
  void resumeWhenEnded(const Deferred& handle, Resumption resumption);
  /// The layer with this handle will not be resumed.
  void abandon(const Deferred& handle) noexcept;
  /// The event has its response without its handler, which still uses it: only complete() or fail() ends it.
  void expire(const Deferred& handle);

  std::size_t size() const { return used_; }

 private:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  struct Slot {
    Event* event = nullptr;
    std::string_view route;        ///< of the present event, or of the last one
    std::uint64_t generation = 1;  ///< a default Deferred has 0
    std::uint32_t nextFree = kNone;
    bool expired = false;
    Method method = Method::get;  ///< of the same event as the route
    Resumption resumption;        ///< of a layer of the onion that waits
  };

  const Slot* slotOf(const Deferred& handle) const;
  bool completeInner(const Deferred& handle, EventState& state);
  static bool isSame(const Deferred& a, const Deferred& b) {
    return a.slot_ == b.slot_ && a.generation_ == b.generation_;
  }
  void free(std::uint32_t index);
  void countLate(const Deferred& handle);

  WorkerCounters& counters_;
  std::vector<Slot> slots_;
  std::uint32_t firstFree_ = kNone;
  std::size_t used_ = 0;
  std::uint64_t late_ = 0;  ///< of handles whose event was completed before
};

}  // namespace h3
