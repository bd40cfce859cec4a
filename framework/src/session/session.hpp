// The seam between a connection, which moves bytes, and the protocol that is spoken over it.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "h3http/event.hpp"
#include "protocol/session_fsm.hpp"
#include "session/input_window.hpp"
#include "session/response_queue.hpp"

namespace h3::session {

/// What a session is doing; each phase has its deadline.
using Phase = protocol::SessionFsm::Phase;

/// What its connection does next.
enum class Action : std::uint8_t {
  wait,  ///< for more input, or for the handler
  send,  ///< what is queued, then call process() again
  close  ///< immediately: the response cannot be queued, or the client does not stop sending
};

/// Bytes in, actions out: reads requests from the input, queues responses, and decides when the connection
/// ends.
///
/// HTTP/1.1 (Http1Session) is the only one. A session sees no socket and no deadline; its connection owns the
/// input and the output and passes them to each call, always the same ones from open() to end().
template <class T>
concept Session = requires(T& session, const T& unchanged, InputWindow& input, ResponseQueue& output,
                           const ResponseQueue& queued, std::string_view address, std::string_view bytes,
                           Event& event, bool ended) {
  // The connection's life.
  session.open(address);
  session.drain();
  { session.end() } -> std::same_as<bool>;

  // Input and responses.
  session.inputArrived();
  { unchanged.canProcess(input, queued) } -> std::same_as<bool>;
  { unchanged.wantsInput(input, queued) } -> std::same_as<bool>;
  { session.process(input, output) } -> std::same_as<Action>;
  { session.compact(input) } -> std::same_as<std::size_t>;
  session.bodySent(input);
  { session.refuseLate(input, output) } -> std::same_as<Action>;

  // A handler that responds later.
  { session.expireHandler(output) } -> std::same_as<Action>;
  session.cancelHandler();
  { session.completeDeferred(event) } -> std::same_as<bool>;
  { session.respondDeferred(input, output) } -> std::same_as<Action>;
  { unchanged.awaitsHandler() } -> std::same_as<bool>;

  // A handler that reads or sends piece by piece.
  { session.write(bytes, output) } -> std::same_as<bool>;
  { unchanged.canResume(queued) } -> std::same_as<bool>;
  { session.resume(input, output) } -> std::same_as<Action>;
  { unchanged.runsHandler() } -> std::same_as<bool>;
  { unchanged.handlerIsBusy() } -> std::same_as<bool>;
  { unchanged.handlerWaits() } -> std::same_as<bool>;
  { unchanged.handlerLimitMs() } -> std::same_as<std::uint32_t>;

  // What the connection asks before it closes, and for the deadlines.
  { unchanged.hasSentLast() } -> std::same_as<bool>;
  { unchanged.mayClose(ended) } -> std::same_as<bool>;
  { unchanged.isIdle() } -> std::same_as<bool>;
  { unchanged.phase() } -> std::same_as<Phase>;
  { unchanged.bodyBytesSeen() } -> std::same_as<std::uint64_t>;
  { unchanged.heldBytes() } -> std::same_as<std::size_t>;
};

}  // namespace h3::session
