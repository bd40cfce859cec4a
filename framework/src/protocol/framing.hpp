// Decides strictly how long a request's body is (RFC 9112 6), against request smuggling.
#pragma once

#include <cstdint>
#include <string_view>

namespace h3::protocol {

enum class BodyKind : std::uint8_t { none, length, chunked };

/// Collects Content-Length and Transfer-Encoding fields of one request and decides its framing.
///
/// Stricter than RFC 9112 6.3 allows: a repeated or listed Content-Length is refused even when all values
/// agree, and Content-Length beside Transfer-Encoding always is, and so is an empty element among the
/// codings. Boost 1.81's parser accepts several of these.
class Framing {
 public:
  void addContentLength(std::string_view value);
  void addTransferEncoding(std::string_view value);

  /// Decides. Returns 0, or the status of the refusal: 400, or 501 for an unknown coding. `minorVersion`: 0
  /// for HTTP/1.0.
  int decide(int minorVersion);

  bool hasBody() const { return kind_ != BodyKind::none; }
  BodyKind kind() const { return kind_; }
  /// Body bytes, when kind() is length.
  std::uint64_t contentLength() const { return contentLength_; }

 private:
  void addCoding(std::string_view coding);

  std::uint64_t contentLength_ = 0;
  BodyKind kind_ = BodyKind::none;
  bool hasContentLength_ = false;
  bool hasTransferEncoding_ = false;
  bool bad_ = false;
  bool unknownCoding_ = false;
  unsigned chunkedCount_ = 0;
  bool chunkedIsLast_ = false;
};

}  // namespace h3::protocol
