// Bodies piece by piece by callbacks. In coroutines: Event::readSome() and write().
#pragma once

#include <functional>
#include <string_view>

#include "h3http/event.hpp"

namespace h3 {

/// Sends a response whose bytes `next` gives piece by piece, when the client has taken those before; "" ends it.
///
/// Each piece must stay valid until the next call. Defers the event; the handler returns after it. To HEAD `next` is
/// called once. An exception of `next` ends the response early, which the client sees. Allocates: nothing but what
/// `next` captures beyond 16 bytes. Threads: the event's worker.
void sendPieces(Event& event, std::string_view contentType, std::function<std::string_view()> next);

/// Calls `sink` with the pieces of the request body, as they arrive, and with "" at the end; from this last call it
/// responds. On a route with RouteHandle::streamBody(); on others it gets the whole body as one piece.
///
/// A piece is valid during the call. Defers the event; the handler returns after it. An exception of `sink` is handled
/// as a handler's. A client that is gone ends it without a further call. Threads: the event's worker.
void receiveBody(Event& event, std::function<void(std::string_view piece)> sink);

}  // namespace h3
