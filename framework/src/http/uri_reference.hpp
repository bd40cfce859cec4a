// URI references in response fields: what a URI cannot hold is percent-encoded.
#pragma once
#include <string_view>

namespace h3 {

class Arena;

/// `uri` with every byte that no URI may hold percent-encoded: blanks, control bytes, quotes, <>\^`{|}, bytes above
/// 0x7F, and a '%' that begins no escape. "/\xC3\xBC b?c=%41" -> "/%C3%BC%20b?c=%41", so an IRI in UTF-8 becomes its
/// URI (RFC 3987 3.1). Returns the input itself when there is none; else the copy lives in the arena.
/// Source: RFC 3986 2.
std::string_view encodeUri(std::string_view uri, Arena& arena);

/// The value of a Link field, each of its targets encoded so: `</a b>; rel="next"` -> `</a%20b>; rel="next"`.
/// Errors: std::invalid_argument without `<URI>` at its start, or with an open bracket. Source: RFC 8288 3.
std::string_view encodeLink(std::string_view value, Arena& arena);

}  // namespace h3
