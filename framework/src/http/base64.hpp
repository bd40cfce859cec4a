// Base64 and base64url (RFC 4648).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "h3http/arena.hpp"

namespace h3 {

enum class Base64 : std::uint8_t {
  standard,  ///< '+' and '/', padded with '='; RFC 4648 4
  url,       ///< '-' and '_', without padding; RFC 4648 5
};

/// Bytes that `bytes` take in base64url.
constexpr std::size_t base64UrlBytes(std::size_t bytes) noexcept { return (bytes * 4 + 2) / 3; }

/// Writes base64UrlBytes(bytes.size()) characters to `out`.
void encodeBase64Url(std::string_view bytes, char* out) noexcept;
/// The same in the arena.
std::string_view encodeBase64Url(std::string_view bytes, Arena& arena);

/// The decoded bytes, in the arena. nullopt for anything but the one spelling that an encoder writes: other characters,
/// blanks, padding that is missing or not expected, unused bits that are not zero (RFC 4648 3.2 to 3.5). So no two texts
/// decode to the same bytes.
std::optional<std::string_view> decodeBase64(Base64 alphabet, std::string_view text, Arena& arena);

}  // namespace h3
