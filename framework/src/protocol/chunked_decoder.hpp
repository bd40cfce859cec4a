// Decodes a chunked body in place, strictly (RFC 9112 7.1).
#pragma once

#include <cstddef>
#include <cstdint>

#include "protocol/limits.hpp"

namespace h3::protocol {

/// Turns a chunked body into contiguous bytes within its buffer: the data of each chunk moves down over the
/// framing before it, and the trailer lines behind the data.
///
///     | head | data so far | trailers so far | framing seen, dead | not yet looked at |
///            ^ start       ^ bodyEnd         ^ decodedEnd         ^ position          ^ size
///
/// Not Boost 1.81's decoder: that asserts on a remote's short chunk end, has no limit on chunk headers, and
/// passes trailers to the field callback. Sizes are 1 to 16 hex digits and nothing else; lines end with CRLF;
/// extensions are checked and dropped; trailer fields are checked and set apart: they never become fields of the
/// request (7.1.2).
class ChunkedDecoder {
 public:
  enum class Outcome { needMore, complete, refused };

  /// `limits` must outlive it.
  explicit ChunkedDecoder(const Limits& limits) : limits_(&limits) {}
  explicit ChunkedDecoder(const Limits&&) = delete;

  /// `start`: offset of the body's first raw byte. `bodyLimit`: its decoded bytes at most; `trailerLimit`: the bytes of
  /// its trailer lines at most.
  void begin(std::size_t start, std::uint64_t bodyLimit, std::size_t trailerLimit);

  /// `data` is the buffer from the message's first byte on; the bytes from position() on are new.
  Outcome decode(char* data, std::size_t size);

  /// Decoded bytes lie in [start, decodedEnd()): the body, and from bodyEnd() on the lines of the trailers, each with
  /// its CRLF, and the empty line that ends them.
  std::size_t decodedEnd() const { return decodedEnd_; }
  std::size_t bodyEnd() const { return isInTrailers() ? bodyEnd_ : decodedEnd_; }
  /// First raw byte not yet consumed.
  std::size_t position() const { return position_; }
  /// The caller has moved the bytes from position() down to decodedEnd().
  void compacted() { position_ = decodedEnd_; }
  /// The caller has dropped the decoded body, and moved all bytes from bodyEnd() on down to its start.
  void bodyDropped();
  /// The status of the refusal: 400 or 413.
  int status() const { return status_; }

 private:
  enum class State : std::uint8_t {
    sizeFirst,
    sizeMore,
    extensionName,
    extensionNameStart,
    extensionValueStart,
    extensionToken,
    extensionQuoted,
    extensionEscape,
    extensionAfterQuoted,
    sizeLf,
    data,
    dataCr,
    dataLf,
    trailerStart,
    trailerName,
    trailerValue,
    trailerLf,
    endLf,
    done
  };

  bool isInTrailers() const { return state_ >= State::trailerStart; }
  bool step(char byte);  // one byte of framing; false: refused
  bool sizeDigit(char byte);
  bool extension(char byte);
  bool trailer(char byte);
  bool endSizeLine();
  void moveData(char* data, std::size_t size);
  bool refuse(int status);

  const Limits* limits_;
  std::uint64_t bodyBytesLeft_ = 0;  ///< how many more the chunks to come may have
  std::size_t trailerLimit_ = 0;
  std::size_t start_ = 0;
  std::size_t bodyEnd_ = 0;  ///< once it is in the trailers
  std::size_t decodedEnd_ = 0;
  std::size_t position_ = 0;
  std::uint64_t chunkRemaining_ = 0;
  std::size_t extensionBytes_ = 0;
  std::size_t trailerBytes_ = 0;
  std::size_t trailerCount_ = 0;
  unsigned sizeDigits_ = 0;
  int status_ = 0;
  State state_ = State::sizeFirst;
};

}  // namespace h3::protocol
