// One answer as bytes (RFC 9112 4 and 6).
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "protocol/output_buffer.hpp"

namespace h3::protocol {

struct ResponseField {
  std::string_view name;
  std::string_view value;
};

/// What the writer needs of an answer; all views must stay valid during the call.
struct ResponseHead {
  int status = 200;
  int minorVersion = 1;          ///< of the request
  bool keepAlive = true;         ///< false: says `Connection: close`
  bool headRequest = false;      ///< the body's length is told, its bytes are left out
  std::string_view start;        ///< AnswerStart::text(), as of now (RFC 9110 6.6.1)
  std::string_view contentType;  ///< "" for none
  std::span<const ResponseField> fields;
  std::string_view body;
  std::size_t copiedBytes = std::string_view::npos;  ///< of the body, at most
};

/// Appends the answer to `out`. 1xx, 204 and 304 carry no body; 1xx and 204 no Content-Length (RFC 9110 8.6).
/// Returns what of the body has still to be sent behind it: all beyond copiedBytes.
std::string_view writeResponse(OutputBuffer& out, const ResponseHead& head);

/// Throws std::invalid_argument when a field would break the answer: a name that is no token, a value with
/// CR, LF, NUL or another control byte, or a name that the writer itself owns (Content-Length,
/// Transfer-Encoding, Connection, Date).
void checkResponseField(std::string_view name, std::string_view value);
/// The value's part of it; `name` is for the message.
void checkFieldValue(std::string_view name, std::string_view value);

}  // namespace h3::protocol
