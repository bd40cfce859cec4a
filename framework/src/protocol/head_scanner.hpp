// Finds the end of a request head and refuses forbidden bytes, before any parser sees them.
#pragma once

#include <cstddef>

#include "protocol/limits.hpp"

namespace h3::protocol {

/// Scans each byte of a request head once, however the bytes arrive.
///
/// Refuses bare CR, bare LF, NUL, control bytes, leading white space and obs-fold (RFC 9112 2.2, 5.2; RFC
/// 9110 5.5), and heads over the limits. One empty line before the request line is tolerated (RFC 9112 2.2).
/// Boost 1.81's parser accepts several of these, and gives an obs-fold value a dangling view: it never sees
/// one.
class HeadScanner {
 public:
  enum class Outcome { needMore, complete, refused };

  /// `limits` must outlive it.
  explicit HeadScanner(const Limits& limits) : limits_(&limits), maxBytes_(limits.startLineBytes()) {}
  explicit HeadScanner(const Limits&&) = delete;

  /// `data`: the message from its first byte on, as far as it has arrived; the bytes of the previous call,
  /// and more. May have moved in memory.
  Outcome scan(const char* data, std::size_t size);

  /// Bytes of the tolerated empty line: 0 or 2.
  std::size_t startOffset() const { return startOffset_; }
  /// Whether the request line is complete.
  bool hasStartLine() const { return startLineEnd_ != 0; }
  /// Offset behind the request line's CRLF.
  std::size_t startLineEnd() const { return startLineEnd_; }
  /// Offset behind the empty line that ends the head; valid after `complete`.
  std::size_t headEnd() const { return position_; }
  /// The status of the refusal: 400, 414 or 431.
  int status() const { return status_; }

 private:
  Outcome endLine(std::size_t lineEnd);
  Outcome refuse(int status);
  Outcome refuseByte(std::size_t at);
  Outcome refuseSize();
  bool withinLimits(std::size_t size) const { return size <= maxBytes_; }

  const Limits* limits_;
  std::size_t maxBytes_;      // offset limit of the current part
  std::size_t position_ = 0;  // first unscanned byte
  std::size_t lineStart_ = 0;
  std::size_t startOffset_ = 0;
  std::size_t startLineEnd_ = 0;
  std::size_t fieldLines_ = 0;
  int status_ = 0;
};

}  // namespace h3::protocol
