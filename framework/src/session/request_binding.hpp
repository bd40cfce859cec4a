// The event of the request that a session is reading or responding to.
#pragma once

#include <string_view>

#include "app/event_state.hpp"
#include "protocol/request_reader.hpp"
#include "session/session_context.hpp"

namespace h3::session {

/// Holds an event from the pool, and points its views at the request's bytes.
///
/// Lifetime: `context` must outlive it; the event's views are valid as long as the bytes passed to bind()
/// stay where they are. Threads: one owner.
class RequestBinding {
 public:
  /// `host`: of its events; must outlive it.
  RequestBinding(SessionContext& context, EventHost& host) : context_(&context), host_(&host) {}
  ~RequestBinding() { release(); }
  RequestBinding(const RequestBinding&) = delete;
  RequestBinding& operator=(const RequestBinding&) = delete;

  /// The client of all further requests; the text must stay valid.
  void setClientAddress(std::string_view address) { clientAddress_ = address; }

  bool hasEvent() const { return event_ != nullptr; }
  Event& event() const { return *event_; }
  EventState& state() const { return EventState::of(*event_); }

  /// The event to read a request into, whose bytes are now at `data`. Acquires one if there is none.
  EventState& prepare(char* data) {
    if (event_ == nullptr) acquire();
    EventState& bound = state();
    bound.base = data;
    return bound;
  }
  /// Points the event's views at the request at `data`, as far as `reader` has just read it.
  void bind(const protocol::RequestReader& reader, char* data);
  /// Drops the views into bytes that may have moved to `data`; offsets are rebased.
  void unbind(char* data);
  /// Returns the event to the pool, if there is one.
  void release() {
    if (event_ != nullptr) context_->services.events.release(event_);
    event_ = nullptr;
  }

 private:
  void acquire() {
    event_ = context_->services.events.acquire();
    EventState& fresh = EventState::of(*event_);
    fresh.startedNs = context_->clock.ns();
    fresh.clientAddress = clientAddress_;
    fresh.host = host_;
  }

  SessionContext* context_;
  Event* event_ = nullptr;
  EventHost* host_;
  std::string_view clientAddress_;
};

}  // namespace h3::session
