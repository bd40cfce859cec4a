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
  badByte,       ///< A byte that RFC 3986 requires to be percent-encoded, a control byte, or 0x80-0xFF.
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
  bool hasQuery = false;       ///< Distinguishes "/a?" from "/a".

  bool mayNeedCanonicalForm = false;  ///< The path is not plain: see canonicalPath(), which sets the others.
  bool hadDotSegments = false;
  bool isUnroutable = false;
};

/// What a target may hold besides what RFC 3986 allows.
enum class TargetSyntax : std::uint8_t {
  browser,  ///< `[ ] |` in paths and queries, and in queries `^ { } \` and the backquote
  strict,   ///< nothing
};

/// Source: RFC 9112 3.2, RFC 3986 3.3 and 3.4. One pass over the text; the caller must limit its length.
boost::system::result<Target, TargetError> parseTarget(Method method, std::string_view text,
                                                       TargetSyntax syntax = TargetSyntax::strict) noexcept;

/// The same into an existing Target, without a copy. After an error the content of `target` is unspecified.
std::optional<TargetError> readTarget(Method method, std::string_view text, Target& target,
                                      TargetSyntax syntax = TargetSyntax::strict) noexcept;

}  // namespace h3
