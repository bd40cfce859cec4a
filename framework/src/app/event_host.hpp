// What serves an event, as a handler that responds later or in pieces needs it.
#pragma once

#include <string_view>

namespace h3 {

class Event;

/// Told by an event what its handler does after its first call.
///
/// Threads: the event's worker. Calls may come within a call of the host's own into the handler.
class EventHost {
 public:
  /// The deferred handler has ended. The event may be released within this call.
  virtual void onHandlerDone(Event& event) = 0;
  /// The handler waits for more of the request body (EventStreams).
  virtual void onBodyWanted(Event& event) = 0;
  /// The handler sends the next bytes of its response; of the first, the head goes before them. Returns whether they
  /// are copied; if not, they must stay valid until EventStreams::sent() is called.
  virtual bool onWritten(Event& event, std::string_view bytes) = 0;
  /// A handler sends an interim response before its own: these bytes, which are copied.
  virtual void onInterim(Event& event, std::string_view bytes) = 0;

 protected:
  ~EventHost() = default;
};

}  // namespace h3
