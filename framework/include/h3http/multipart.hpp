// multipart/form-data, parsed as it arrives.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace h3 {

/// What a multipart body may have. All of it is chosen by the client.
struct MultipartLimits {
  std::size_t parts = 100;
  std::size_t headerBytes = 4 * 1024;                        ///< of the fields of one part
  std::size_t nameBytes = 256;                               ///< of a name, and of a file's name
  std::uint64_t partBytes = static_cast<std::uint64_t>(-1);  ///< of the content of one part
};

enum class MultipartError : std::uint8_t {
  none,
  badStart,       ///< the body does not begin with the boundary
  badDelimiter,   ///< neither a line end nor "--" follows a boundary
  badPartHeader,  ///< a part's fields are malformed, or not those of form-data
  badEncoding,    ///< a part has a Content-Transfer-Encoding that changes its bytes
  dataAfterEnd,
  unfinished,  ///< the body ends before its last boundary
  tooManyParts,
  partHeaderTooLarge,
  nameTooLong,
  partTooLarge,
};

/// What is wrong and what is expected, in English.
std::string_view describe(MultipartError error) noexcept;

/// What is known of a part before its content.
struct PartHead {
  std::string_view name;
  std::optional<std::string_view>
      filename;                  ///< as the client says, any bytes but controls other than CR and LF
  std::string_view contentType;  ///< "" when it has none
};

/// Receives the parts of a body, in order. What a callback throws leaves push().
class MultipartHandler {
 public:
  virtual ~MultipartHandler() = default;
  /// Lifetime: the views are valid during the call.
  virtual void onPartBegin(const PartHead& head) = 0;
  /// A piece of the content, any number of times. Lifetime: valid during the call; a view into what was pushed, if the
  /// whole body was pushed at once.
  virtual void onPartData(std::string_view bytes) = 0;
  virtual void onPartEnd() = 0;
};

/// The boundary of a Content-Type field; none unless it is multipart/form-data with a valid one of 1 to 70 bytes.
/// Lifetime: a view into the field. Source: RFC 2046 5.1.1.
std::optional<std::string_view> multipartBoundary(std::string_view contentType);

/// Parses multipart/form-data from pieces of any size.
///
///     --boundary CRLF fields CRLF CRLF content CRLF --boundary CRLF fields CRLF CRLF content CRLF --boundary--
///
/// Strict where two parsers could differ (RFC 7578, RFC 2046): lines end with CRLF; there is no preamble (a CRLF at
/// most) and no epilogue (the same); no blanks follow a boundary; fields are not folded; a part has one
/// Content-Disposition, of type form-data with one name; `filename*` is ignored (RFC 7578 4.2). In names and file names %22,
/// %0D and %0A are decoded, as browsers encode them, and \" and \\ too.
///
/// Memory: what a piece leaves unparsed is kept, at most headerBytes or a boundary, and is joined with the next piece;
/// names with escapes are decoded to a string. Nothing else is allocated, and nothing at all when the whole body is
/// pushed at once and names have at most 15 bytes or no escapes. Lifetime: the handler must outlive the parser.
class MultipartParser {
 public:
  static constexpr std::size_t kMaxBoundaryBytes = 70;

  /// Errors: std::invalid_argument for a longer boundary; take that of multipartBoundary().
  MultipartParser(std::string_view boundary, MultipartHandler& handler, MultipartLimits limits = {});
  MultipartParser(const MultipartParser&) = delete;
  MultipartParser& operator=(const MultipartParser&) = delete;

  /// Errors: that of this piece, or of an earlier one.
  MultipartError push(std::string_view bytes);
  /// The body is complete.
  MultipartError finish() const;

 private:
  enum class State : std::uint8_t { start, afterBoundary, head, data, end };

  /// Takes what it can from the front of `bytes`; returns whether to go on.
  bool step(std::string_view& bytes);
  bool takeStart(std::string_view& bytes);
  bool takeAfterBoundary(std::string_view& bytes);
  bool takeHead(std::string_view& bytes);
  bool takeData(std::string_view& bytes);
  bool takeEnd(std::string_view& bytes);
  bool readHead(std::string_view fields);
  bool readDisposition(std::string_view value, PartHead& head);
  bool giveData(std::string_view bytes);
  bool fail(MultipartError error);

  std::array<char, 4 + kMaxBoundaryBytes> delimiterBytes_;
  std::string_view delimiter_;  ///< CRLF -- boundary
  MultipartHandler& handler_;
  MultipartLimits limits_;
  std::string kept_;  ///< the unparsed end of the last piece
  std::string name_;  ///< decoded
  std::string filename_;
  std::size_t parts_ = 0;
  std::uint64_t partBytes_ = 0;
  State state_ = State::start;
  MultipartError error_ = MultipartError::none;
};

}  // namespace h3
