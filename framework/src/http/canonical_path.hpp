// One spelling for each path, made before anything is compared with it.
#pragma once

#include <string>
#include <string_view>

namespace h3 {

class Arena;
struct Target;

/// The path of `target` in the one spelling that routing, middleware prefixes, static files and logs see.
///
///     /caf%c3%a9        /caf%C3%A9     capital hex digits                  (RFC 3986 6.2.2.1)
///     /%7Ea%2bb         /~a+b          no escape for a byte that may stand in a segment; more than 6.2.2.2,
///                                      because all that decodes a segment makes one of both
///     /[a]              /%5Ba%5D       an escape for every other byte
///     /a%2fb            /a%2Fb         but never a decoded slash: it is data of its segment
///     /a/./b/../c       /a/c           no dot segments, after decoding      (6.2.2.3, 5.2.4)
///
/// So two paths whose segments decode to the same bytes have the same spelling, and a canonical path is its own.
/// Sets target.hadDotSegments, and target.isUnroutable for what can only be meant to mislead: %00, and dot
/// segments between encoded slashes ("/a%2F..%2Fb").
///
/// Lifetime: in `target` when it is spelled so, else in the arena. Allocates: from the arena only.
std::string_view canonicalPath(Target& target, Arena& arena);

/// The same for text that a program registers: any bytes, and a '%' without hex digits is "%25".
std::string canonicalSpelling(std::string_view path);

/// Why no canonical path is `path`, and what to write instead; "" when one may be.
std::string problemOfPath(std::string_view path);

/// Why `prefix` is no prefix for whole segments of canonical paths, and what to write; "" when it is one.
/// "" is a prefix of every path.
std::string problemOfPrefix(std::string_view prefix);

/// Whether `prefix` names the whole of the path or its first segments, when each encoded slash is taken for a
/// slash and several slashes for one, as a program or a file system may do below. `prefix`: without a
/// problem; `path`: canonical.
bool isUnderDecodedPrefix(std::string_view path, std::string_view prefix) noexcept;

}  // namespace h3
