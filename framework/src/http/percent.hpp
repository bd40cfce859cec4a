#pragma once
#include <string_view>

namespace h3 {

class Arena;

/// "%41b" -> "Ab". A '%' without two hex digits stays as it is. The result may contain any byte, even NUL.
/// Returns the input itself when nothing is encoded; else the copy lives in the arena.
std::string_view percentDecode(std::string_view text, Arena& arena);

/// As percentDecode, and '+' is a space (application/x-www-form-urlencoded).
std::string_view decodeQueryComponent(std::string_view text, Arena& arena);

/// `query` with an escape for each byte that RFC 3986 forbids in a query, for a URI to send; the input itself
/// when there is none, else the copy lives in the arena.
std::string_view encodeQuery(std::string_view query, Arena& arena);

/// Whether decodeQueryComponent(encoded) would be `plain`, without decoding to memory.
bool queryComponentEquals(std::string_view encoded, std::string_view plain) noexcept;

}  // namespace h3
