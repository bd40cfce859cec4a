// Writes one response as bytes (RFC 9112 4 and 6).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "protocol/output_buffer.hpp"

namespace h3::protocol {

struct ResponseField {
  std::string_view name;
  std::string_view value;
};

/// What the head says about the length of a body.
enum class BodyLength : std::uint8_t {
  known,    ///< that of `body` and `moreBodyBytes`
  unknown,  ///< nothing, unless these have bytes: to HEAD, or the body ends with the connection
  chunked   ///< the body follows in chunks
};

/// A response, for the writer; all views must stay valid during the call.
struct ResponseHead {
  int status = 200;
  int minorVersion = 1;      ///< of the request
  bool keepAlive = true;     ///< false: adds `Connection: close`
  bool headRequest = false;  ///< sends the body's length without its bytes
  BodyLength length = BodyLength::known;
  std::string_view prefix;       ///< ResponsePrefix::text(), as of now (RFC 9110 6.6.1)
  std::string_view contentType;  ///< "" for none
  std::span<const ResponseField> fields;
  std::string_view body;
  std::uint64_t moreBodyBytes = 0;                   ///< which the caller sends after it
  std::size_t copiedBytes = std::string_view::npos;  ///< of the body, at most
};

/// Whether the response has a body: not to HEAD, nor with 1xx, 204, 205 and 304.
bool sendsBody(const ResponseHead& head);

/// Appends the response to `out`. 1xx, 204, 205 and 304 have no content, whatever the body is: 205 has `Content-Length:
/// 0`, the others have none (RFC 9110 8.6, 15.3.6). Returns the rest of the body to send after it: everything beyond copiedBytes.
std::string_view writeResponse(OutputBuffer& out, const ResponseHead& head);

/// Throws std::invalid_argument when a field would break the response: a name that is not a token, a value
/// with CR, LF, NUL or another control byte, or a name that the writer itself sets (Content-Length,
/// Transfer-Encoding, Connection, Date).
void checkResponseField(std::string_view name, std::string_view value);
/// Checks only the value; `name` is for the message.
void checkFieldValue(std::string_view name, std::string_view value);

}  // namespace h3::protocol
