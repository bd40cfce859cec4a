#pragma once
#include <boost/system/result.hpp>
#include <cstdint>
#include <optional>
#include <string_view>

#include "h3http/method.hpp"

namespace h3 {

enum class TargetForm : std::uint8_t { origin, absolute, authority, asterisk };

enum class TargetError : std::uint8_t {
  empty,
  badByte,       ///< A byte that RFC 3986 wants percent-encoded, a control byte, or 0x80-0xFF.
  badEscape,     ///< '%' without two hex digits.
  fragment,      ///< '#'.
  badScheme,     ///< Absolute form with a scheme other than http and https.
  badAuthority,  ///< Empty or invalid host or port, or user information.
  wrongForm,     ///< A form that the method may not use: "*" without OPTIONS, CONNECT without host:port.
};

std::string_view toString(TargetError error) noexcept;

/// The parts of a request target, still percent-encoded.
/// Lifetime: views into the parsed text; a path that the text leaves out is the static "/" (or "*" for
/// OPTIONS).
struct Target {
  TargetForm form = TargetForm::origin;
  std::string_view path;       ///< Begins with '/', or is "*"; empty in authority form.
  std::string_view query;      ///< Without '?'.
  std::string_view authority;  ///< host[:port] in absolute and authority form.
  bool hasQuery = false;       ///< Tells "/a?" from "/a".
  bool hasEscapes = false;     ///< The path holds a '%'.
};

/// Source: RFC 9112 3.2, RFC 3986 3.3 and 3.4. One pass over the text; the length is the caller's to limit.
boost::system::result<Target, TargetError> parseTarget(Method method, std::string_view text) noexcept;

/// The same into a Target that is there already, without a copy of it. What is in `target` after an error
/// means nothing.
std::optional<TargetError> readTarget(Method method, std::string_view text, Target& target) noexcept;

/// host [":" port] with a registered name, an IPv4 address or a bracketed IPv6 address; the port is empty or
/// 0..65535. Refused: the empty host, user information, zones, IPvFuture, more than 255 bytes.
/// Source: RFC 9110 7.2, RFC 3986 3.2.2.
bool isValidHost(std::string_view host) noexcept;

}  // namespace h3
