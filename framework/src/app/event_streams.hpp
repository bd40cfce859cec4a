// A request body that is read, and a response that is written, piece by piece.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "app/resumption.hpp"

namespace h3 {

/// What the handler of a stream and the session that serves it tell each other.
///
///     session: feed(), endBody(), failBody() -> takePiece(), bodyEnded() :handler
///     handler: waitFor()                     -> waitsFor(), resume()     :session
///
/// Lifetime: in its event's arena, from the first use of a stream until the event ends. Threads: one owner.
class EventStreams {
 public:
  enum class Awaited : std::uint8_t { nothing, body, sent };

  // For the handler.
  /// Calls `resumption` once, when what is awaited is there or the client has left. Errors: std::logic_error when
  /// something is awaited already.
  void waitFor(Awaited awaited, Resumption resumption);
  /// The bytes since the last call; valid until the next waitFor(Awaited::body). Errors: HttpError when the body is
  /// refused.
  std::string_view takePiece();
  /// Whether takePiece() gives something, or nothing more will follow.
  bool hasPiece() const { return !piece_.empty() || bodyEnded_ || failure_ != 0; }

  // For the session.
  Awaited awaited() const { return awaited_; }
  /// Continues the handler, which may end the event.
  void resume();
  /// Of this request the body comes piece by piece; else it is there at once.
  void beginBody() {
    piece_ = {};
    bodyEnded_ = false;
  }
  /// Valid until the handler awaits more of the body.
  void feed(std::string_view piece) { piece_ = piece; }
  /// No piece follows the last.
  void endBody() { bodyEnded_ = true; }
  /// The body is refused with this status.
  void failBody(int status) { failure_ = status; }
  int failure() const { return failure_; }

  /// How the response is framed.
  struct Response {
    std::optional<std::uint64_t> remainingBytes;  ///< of the announced length; none: it is unknown
    bool started = false;                         ///< its handler will write it
    bool begun = false;                           ///< its head is queued
    bool hasBody = true;                          ///< false: to HEAD, or its status forbids one
    bool chunked = false;
    bool chunkOpen = false;  ///< the CRLF behind a lent chunk goes before what follows
    bool lent = false;       ///< bytes of the handler's are being sent
  };
  Response response;

 private:
  Resumption resumption_;
  std::string_view piece_;
  int failure_ = 0;
  Awaited awaited_ = Awaited::nothing;
  bool bodyEnded_ = false;
};

}  // namespace h3
