#include "h3http/event_pool.hpp"

#include "app/event_state.hpp"

namespace h3 {

EventPool::EventPool(WorkerServices& services, std::size_t prefill, std::size_t retain)
    : pool_(prefill, retain, [&services] { return std::make_unique<Event>(services); }) {}

void EventPool::release(Event* event) {
  EventState& state = EventState::of(*event);
  if (const std::size_t used = state.arena.usedBytes(); used != 0)
    state.services.counters.add(Metric::arenaBytes, used);
  state.reset();
  pool_.release(event);
}

}  // namespace h3
