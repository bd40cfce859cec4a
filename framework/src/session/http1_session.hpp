// HTTP/1.1 over one connection: reads requests from the input, queues responses in the output.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "session/request_binding.hpp"
#include "session/session.hpp"
#include "session/session_context.hpp"

namespace h3::session {

/// Reads requests, dispatches them to the app, and queues the responses in order.
///
/// Holds an event only while a request is read or handled. A handler that responds later keeps the event and
/// the input where they are until then, even if the connection has closed.
///
/// Lifetime: `context` must outlive it. Threads: one owner. Errors: std::bad_alloc from process() and others;
/// then close the connection.
class Http1Session {
 public:
  /// `host`: told when a deferred handler has ended; calls completeDeferred() first. It must outlive this.
  Http1Session(SessionContext& context, EventHost& host)
      : context_(&context), fsm_(context.limits), request_(context, host) {}

  /// A new connection. `clientAddress` must stay valid.
  void open(std::string_view clientAddress);
  /// The request that is being read or handled is the last.
  void drain() { draining_ = true; }
  /// The connection is closed. Returns false while a deferred handler still uses the event and the input: the
  /// event is marked as disconnected, completeDeferred() follows, and end() must be called again.
  bool end();

  /// New bytes are in the input.
  void inputArrived() { needsMoreInput_ = false; }
  /// Whether process() would make progress.
  bool canProcess(const InputWindow& input, const ResponseQueue& output) const {
    return hasUnreadInput(input) && !isResponding(output);
  }
  /// Whether to receive: everything complete has its response. Input that is not received slows the client
  /// down.
  bool wantsInput(const InputWindow& input, const ResponseQueue& output) const {
    return !isResponding(output) && !hasUnreadInput(input);
  }
  /// Responds to what is complete in the input, which is not empty.
  Action process(InputWindow& input, ResponseQueue& output);
  /// Closes gaps within the request being read, at the front of the input. Returns how many bytes its message
  /// will have, 0 if unknown.
  std::size_t compact(InputWindow& input);
  /// The borrowed body of the last response has been sent, or what its handler has lent.
  void bodySent(InputWindow& input) {
    if (request_.state().responseBegun()) [[unlikely]]
      return takeBack();
    finishRequest(request_.state(), input);
  }
  /// The request that is being read takes too long: responds with 408.
  Action refuseLate(InputWindow& input, ResponseQueue& output);

  /// The deferred handler takes too long: responds with 504 in its place. The handler keeps the event and the input;
  /// nothing more is read.
  Action expireHandler(ResponseQueue& output);
  /// Marks its event as disconnected and cancels what the handler waits for. It may end within this call.
  void cancelHandler();

  /// A deferred handler has ended. Returns false within the handler's own call, which continues by itself;
  /// else call respondDeferred(), or end() if the connection has closed.
  bool completeDeferred(Event& event);
  Action respondDeferred(InputWindow& input, ResponseQueue& output);
  bool awaitsHandler() const { return handler_ != Handler::none; }

  // A handler that reads or sends piece by piece.
  /// Queues bytes of the response; before the first, its head. Returns whether they are copied; if not, the handler
  /// is resumed when they have been sent. Errors: std::length_error beyond the announced length.
  bool write(std::string_view bytes, ResponseQueue& output);
  /// Queues an interim response, before the handler has begun its own.
  void writeInterim(std::string_view bytes, ResponseQueue& output);
  /// Whether the handler waits until the client has taken what is queued, which it has.
  bool canResume(const ResponseQueue& output) const {
    return handler_ == Handler::deferred && awaits(EventStreams::Awaited::sent) && output.empty();
  }
  /// Lets it go on, or end.
  Action resume(InputWindow& input, ResponseQueue& output);
  /// Within a call into the handler.
  bool runsHandler() const { return handler_ == Handler::running; }
  /// It waits for something else than its client.
  bool handlerIsBusy() const { return awaitsHandler() && !handlerWaits(); }
  /// The deferred handler's, in milliseconds; 0: none.
  std::uint32_t handlerLimitMs() const {
    const EventExtras* const extras = awaitsHandler() ? request_.state().extras : nullptr;
    return extras != nullptr && extras->handlerMs ? *extras->handlerMs : context_->config.timeouts.handlerMs;
  }
  /// It waits for its client to send more of the body, or to take what is queued.
  bool handlerWaits() const {
    return awaits(EventStreams::Awaited::body) || awaits(EventStreams::Awaited::sent);
  }

  /// The last response is queued; once it is sent, the connection ends its side.
  bool hasSentLast() const { return fsm_.phase() == Phase::lingering || handler_ == Handler::expired; }
  /// Once all input has been processed: nothing is left to do. `inputEnded`: no more will come.
  bool mayClose(bool inputEnded) const { return inputEnded || (draining_ && fsm_.phase() == Phase::idle); }
  /// Between two requests, and there may be a next one.
  bool isIdle() const { return fsm_.phase() == Phase::idle && !draining_; }
  Phase phase() const { return fsm_.phase(); }
  std::uint64_t bodyBytesSeen() const { return fsm_.reader().bodyBytesSeen(); }
  /// Memory of the event, if there is one.
  std::size_t heldBytes() const { return request_.hasEvent() ? request_.state().heldBytes() : 0; }

 private:
  enum class Handler : std::uint8_t { none, running, deferred, expired };

  bool hasUnreadInput(const InputWindow& input) const { return !input.empty() && !needsMoreInput_; }
  bool isResponding(const ResponseQueue& output) const {
    if (fsm_.phase() == Phase::streaming) [[unlikely]]
      return !awaits(EventStreams::Awaited::body);
    return fsm_.phase() == Phase::handling || !output.copiedBytes().empty();
  }
  bool awaits(EventStreams::Awaited awaited) const {
    return request_.hasEvent() && request_.state().streams && request_.state().streams->awaited() == awaited;
  }
  Action dispatch(InputWindow& input, ResponseQueue& output);
  Action finishHandler(InputWindow& input, ResponseQueue& output);
  bool finishesStream(EventState& state);
  Action respond(EventState& state, InputWindow& input, ResponseQueue& output);
  bool queueResponse(const EventState& state, ResponseQueue& output,
                     std::size_t copiedBytes = std::string_view::npos);
  protocol::ResponseHead headOf(const EventState& state);
  void countQueued(const EventState& state);
  static void queueStreamed(const EventState& state, ResponseQueue& output, protocol::ResponseHead head);
  bool respondToExpectation(const InputWindow& input, ResponseQueue& output);
  bool refuse(int status, ResponseQueue& output);
  void finishRequest(const EventState& state, InputWindow& input);
  bool discard(InputWindow& input);
  static void respondToCancelled(Event& event);

  // http1_streams.cpp
  protocol::SessionFsm::Action decideBody(InputWindow& input);
  Action continueStream(InputWindow& input, ResponseQueue& output);
  bool feedBody(InputWindow& input, ResponseQueue& output);
  Action failBody(int status, InputWindow& input, ResponseQueue& output);
  void leaveBody(EventState& state, InputWindow& input);
  void beginResponse(EventState& state, ResponseQueue& output);
  Action endResponse(EventState& state, InputWindow& input, ResponseQueue& output);
  void takeBack();

  SessionContext* context_;
  protocol::SessionFsm fsm_;
  RequestBinding request_;
  std::size_t discardedBytes_ = 0;
  Handler handler_ = Handler::none;
  bool needsMoreInput_ = false;  ///< the input holds only a part of a request
  bool draining_ = false;
};

static_assert(Session<Http1Session>);

}  // namespace h3::session
