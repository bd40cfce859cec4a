// Reused events: acquire, serve, release.
#pragma once

#include "h3http/detail/object_pool.hpp"
#include "h3http/event.hpp"

namespace h3 {

/// A worker's events. A released event is empty again in O(1): nothing is freed, its arena is rewound.
///
/// Allocates: its prefill at construction, and when more events are in use at the same time than ever before.
/// Threads: one owner.
class EventPool {
 public:
  EventPool(WorkerServices& services, std::size_t prefill, std::size_t retain);

  Event* acquire() { return pool_.acquire(); }
  void release(Event* event);
  PoolStats stats() const { return pool_.stats(); }

 private:
  ObjectPool<Event> pool_;
};

/// An event held for a scope.
class PooledEvent {
 public:
  explicit PooledEvent(EventPool& pool) : pool_(&pool), event_(pool.acquire()) {}
  ~PooledEvent() {
    if (event_ != nullptr) pool_->release(event_);
  }
  PooledEvent(PooledEvent&& other) noexcept
      : pool_(other.pool_), event_(std::exchange(other.event_, nullptr)) {}
  PooledEvent& operator=(PooledEvent&&) = delete;

  Event& operator*() const { return *event_; }
  Event* operator->() const { return event_; }

 private:
  EventPool* pool_;
  Event* event_;
};

}  // namespace h3
