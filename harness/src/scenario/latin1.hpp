// Bytes in JSON strings: each byte is the character with its number (U+0000 to U+00FF).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace leakgate {

/// The bytes that `utf8` stands for; nullopt when a character is above U+00FF. `utf8` must be valid UTF-8.
std::optional<std::string> bytesFromText(std::string_view utf8);

/// The inverse: valid UTF-8 for any bytes.
std::string textFromBytes(std::string_view bytes);

}  // namespace leakgate
