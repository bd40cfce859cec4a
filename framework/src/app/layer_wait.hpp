// An asynchronous layer of the onion that waits for the inner ones.
#pragma once

#include "app/cancellation.hpp"
#include "h3http/deferred.hpp"

namespace h3 {

/// What an event keeps while a layer waits. The inner layers and the handler see an event that is not deferred: if they
/// defer it, they get a handle of their own, and its completion resumes the layer instead of sending the response.
///
///     EventState::handle        of the handler
///     EventExtras::wait  ->  LayerWait { handle of the inner layer }  ->  LayerWait { handle of the outer layer }
///
/// Lifetime: in the frame of AsyncNext's coroutine. Threads: the event's worker.
struct LayerWait {
  LayerWait* outer = nullptr;   ///< of the layer around this one
  Deferred handle;              ///< of the layer that waits
  Cancellation cancellation{};  ///< of what it waits for
  bool ended = false;           ///< a deferred handler has ended, and the event is the layer's again
};

}  // namespace h3
