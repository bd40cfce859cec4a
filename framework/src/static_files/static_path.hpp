// Converts a request's path to a file name below a root.
#pragma once

#include <optional>
#include <string_view>

namespace h3 {

class Arena;

/// The relative file name of a percent-encoded path (without leading '/'), decoded once.
///
/// nullopt for what must not reach the file system: an encoded '/', a backslash, a control byte, an empty
/// segment other than the last, a segment that begins with '.' (so "." and ".." too). The last segment may be
/// empty: a directory.
///
/// Lifetime: the result is in `encoded` or in the arena.
std::optional<std::string_view> staticPath(std::string_view encoded, Arena& arena);

}  // namespace h3
