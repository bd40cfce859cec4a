// A request head through Beast's parser.
#pragma once

#include <cstddef>
#include <string_view>

#include "protocol/limits.hpp"
#include "protocol/request_head.hpp"

namespace h3::protocol {

/// Reads a head that nobody has looked at, from the front of bytes that may go on behind it. Returns its end
/// as an offset, or 0 when it is not there whole or when anything is wrong with it: then HeadScanner has to
/// say what.
///
/// Nearly all heads arrive whole and good, and this is one pass over them. `head` must be clear; after 0 it
/// is not.
std::size_t tryParseHead(const char* base, std::size_t size, const Limits& limits, RequestHead& head);

/// Reads bytes that HeadScanner has passed into `head`: a whole head. What `head` holds must be clear, or
/// come from the same request's line.
///
/// `base` is the message's first byte, [from, end) the bytes to read. Returns 0, or the refusal's status.
/// Bodies are not its business: Boost 1.81 has holes there (see doc/adr/0002-body-framing.md).
int parseHead(const char* base, std::size_t from, std::size_t end, RequestHead& head);

/// The same for a request line alone, CRLF included: a bad one is refused before the fields have arrived.
int parseRequestLine(const char* base, std::size_t from, std::size_t end, RequestHead& head);

/// What a request line that Beast refuses is answered with: 505 for a well-formed version that we do not
/// speak, else 400.
int statusOfBadRequestLine(std::string_view line);

}  // namespace h3::protocol
