#pragma once
#include <cstddef>
#include <string_view>

namespace h3 {

/// The bytes of the character that `text` begins with, 1-4; 0 when it does not begin with valid UTF-8.
/// Source: RFC 3629 4: no overlong forms, no surrogates, nothing above U+10FFFF.
std::size_t utf8CharacterBytes(std::string_view text) noexcept;

/// How many bytes to replace by one U+FFFD where utf8CharacterBytes() is 0: the longest start of a valid
/// character, at least one. `text` is not empty. Source: Unicode 3.9, U+FFFD substitution of maximal
/// subparts.
std::size_t utf8InvalidBytes(std::string_view text) noexcept;

}  // namespace h3
