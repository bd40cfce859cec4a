#include "app/deferred_table.hpp"

#include <bit>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <string>
#include <utility>

#include "app/event_state.hpp"
#include "app/log.hpp"

namespace h3 {

Event* Deferred::event() const { return table_ == nullptr ? nullptr : table_->find(*this); }
bool Deferred::complete() const { return table_ != nullptr && table_->complete(*this); }
bool Deferred::fail(std::exception_ptr error) const {
  return table_ != nullptr && table_->fail(*this, std::move(error));
}

Deferred DeferredTable::add(Event& event, std::string_view route) {
  if (firstFree_ == kNone) {
    slots_.emplace_back();
    firstFree_ = static_cast<std::uint32_t>(slots_.size() - 1);
  }
  const std::uint32_t index = firstFree_;
  Slot& slot = slots_[index];
  firstFree_ = std::exchange(slot.nextFree, kNone);
  slot.event = &event;
  slot.route = route;
  slot.method = event.method();
  slot.expired = false;
  ++used_;
  return {*this, slot.generation, index};
}

const DeferredTable::Slot* DeferredTable::slotOf(const Deferred& handle) const {
  if (handle.slot_ >= slots_.size()) return nullptr;
  const Slot& slot = slots_[handle.slot_];
  return slot.generation == handle.generation_ ? &slot : nullptr;
}

Event* DeferredTable::find(const Deferred& handle) const {
  const Slot* const slot = slotOf(handle);
  return slot == nullptr || slot->expired ? nullptr : slot->event;
}

bool DeferredTable::complete(const Deferred& handle) {
  const Slot* const slot = slotOf(handle);
  if (slot == nullptr) {
    countLate(handle);
    return false;
  }
  Event& event = *slot->event;
  if (EventState::of(event).innermostWait() != nullptr) return completeInner(handle, EventState::of(event));
  const bool inTime = !slot->expired;
  free(handle.slot_);  // first: the completion may reuse the event, and add() may move the slots
  if (!inTime) counters_.add(Metric::lateCompletions);
  if (EventHost* const host = EventState::of(event).host) host->onHandlerDone(event);
  return inTime;
}

// The handler, or an inner layer, of an event whose outer layers wait. The handle of one that waits has no say.
[[gnu::cold, gnu::noinline]] bool DeferredTable::completeInner(const Deferred& handle, EventState& state) {
  if (!isSame(handle, state.handle)) {
    countLate(handle);
    return false;
  }
  const bool inTime = !slots_[handle.slot_].expired;
  free(handle.slot_);
  LayerWait& wait = *state.innermostWait();
  state.extras->wait = wait.outer;
  state.handle = wait.handle;
  state.deferred = wait.ended = true;
  Resumption& resumption = slots_[wait.handle.slot_].resumption;
  if (resumption) boost::asio::post(state.services.ioContext->get_executor(), std::move(resumption));
  return inTime;
}

void DeferredTable::resumeWhenEnded(const Deferred& handle, Resumption resumption) {
  slots_[handle.slot_].resumption = std::move(resumption);
}

void DeferredTable::abandon(const Deferred& handle) noexcept {
  if (slotOf(handle) != nullptr) const Resumption dropped(std::move(slots_[handle.slot_].resumption));
}

// After its deadline, only a layer that waits for it may see how it has ended.
bool DeferredTable::fail(const Deferred& handle, std::exception_ptr error) {
  if (const Slot* const slot = slotOf(handle)) {
    EventState& state = EventState::of(*slot->event);
    const bool isSeen = !slot->expired || state.innermostWait() != nullptr;
    if (isSeen && isSame(handle, state.handle)) state.error = std::move(error);
  }
  return complete(handle);
}

void DeferredTable::expire(const Deferred& handle) {
  if (slotOf(handle) != nullptr) slots_[handle.slot_].expired = true;
}

void DeferredTable::free(std::uint32_t index) {
  Slot& slot = slots_[index];
  ++slot.generation;
  slot.event = nullptr;
  slot.nextFree = std::exchange(firstFree_, index);
  --used_;
}

// Logged at every power of two: a handler that always does this must not fill the log. The request is over, and its id
// is gone with it.
[[gnu::cold, gnu::noinline]] void DeferredTable::countLate(const Deferred& handle) {
  counters_.add(Metric::lateCompletions);
  if (!std::has_single_bit(++late_)) return;
  std::string detail = std::to_string(late_) + " so far";
  if (handle.generation_ != 0 && handle.slot_ < slots_.size() &&
      slots_[handle.slot_].generation == handle.generation_ + 1)
    detail.append(", last by ")
        .append(toString(slots_[handle.slot_].method))
        .append(" ")
        .append(slots_[handle.slot_].route);
  logError("complete() or fail() of an event that has its response already: ignored", detail);
}

}  // namespace h3
