// Parses a request head with Beast's parser.
#pragma once

#include <cstddef>
#include <string_view>

#include "protocol/limits.hpp"
#include "protocol/request_head.hpp"

namespace h3::protocol {

/// Parses an unread head at the start of bytes that may continue after it. Returns its end as an offset, or 0
/// when it is incomplete or anything is wrong with it: then HeadScanner finds out what.
///
/// Nearly all heads arrive whole and good, and this is one pass over them. `head` must be clear; after 0 it
/// is not.
std::size_t tryParseHead(const char* base, std::size_t size, const Limits& limits, RequestHead& head);

/// Parses bytes that HeadScanner has accepted, a whole head, into `head`, which must be clear or filled from
/// the same request's line.
///
/// `base` is the message's first byte, [from, end) the bytes to read. Returns 0, or the refusal's status. It
/// does not handle bodies: Boost 1.81 has holes there (see doc/adr/0002-body-framing.md).
int parseHead(const char* base, std::size_t from, std::size_t end, RequestHead& head);

/// The same for a request line alone, CRLF included: a bad one is refused before the fields have arrived.
int parseRequestLine(const char* base, std::size_t from, std::size_t end, RequestHead& head);

/// The status for a request line that Beast refuses: 505 for a well-formed but unsupported version, else 400.
int statusOfBadRequestLine(std::string_view line);

}  // namespace h3::protocol
