// Text as a part of a URI (RFC 3986 2).
#pragma once

#include <fmt/core.h>

#include <cctype>
#include <string>
#include <string_view>

namespace leakgate {

/// Every byte but the unreserved ones and those of `alsoPlain` as "%" and two hexadecimal digits.
inline std::string encodedForUri(std::string_view text, std::string_view alsoPlain = "") {
  constexpr std::string_view kMarks = "-._~";
  std::string uri;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = byte < 0x80 && (std::isalnum(byte) != 0 || kMarks.find(c) != std::string_view::npos ||
                                       alsoPlain.find(c) != std::string_view::npos);
    uri += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return uri;
}

}  // namespace leakgate
