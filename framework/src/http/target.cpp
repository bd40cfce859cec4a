#include "http/target.hpp"

#include <optional>

#include "h3http/detail/uri_bytes.hpp"
#include "http/ascii_case.hpp"
#include "http/host.hpp"

namespace h3 {

namespace {

constexpr std::size_t kBadEscape = std::string_view::npos;

// Reads the path; returns where it ends, or kBadEscape. Dots are read one by one, which keeps the search for
// dot segments out of the loop over all other bytes.
std::size_t scanPath(std::string_view text, TargetSyntax syntax, bool& mayNeedCanonicalForm) noexcept {
  for (std::size_t position = 0;;) {
    while (position + 4 <= text.size() && UriBytes::areFour(text.data() + position, UriBytes::kPlainPath))
      position += 4;
    while (position < text.size() && UriBytes::is(text[position], UriBytes::kPlainPath)) ++position;
    if (position == text.size()) return position;
    const char c = text[position];
    if (c == '.') {
      if (position > 0 && text[position - 1] == '/') mayNeedCanonicalForm = true;
      ++position;
      continue;
    }
    if (c != '%' && !(syntax == TargetSyntax::browser && UriBytes::is(c, UriBytes::kBrowserPath)))
      return position;
    if (c == '%' && !UriBytes::isEscape(text.substr(position))) return kBadEscape;
    mayNeedCanonicalForm = true;
    position += c == '%' ? 3 : 1;
  }
}

// As scanPath, for a query that begins at `position`.
std::size_t scanQuery(std::string_view text, std::size_t position, TargetSyntax syntax) noexcept {
  for (;;) {
    while (position + 4 <= text.size() && UriBytes::areFour(text.data() + position, UriBytes::kQuery))
      position += 4;
    while (position < text.size() && UriBytes::is(text[position], UriBytes::kQuery)) ++position;
    if (position == text.size()) return position;
    const char c = text[position];
    if (c != '%' && !(syntax == TargetSyntax::browser && UriBytes::is(c, UriBytes::kBrowserQuery)))
      return position;
    if (c == '%' && !UriBytes::isEscape(text.substr(position))) return kBadEscape;
    position += c == '%' ? 3 : 1;
  }
}

TargetError errorAt(char c) noexcept { return c == '#' ? TargetError::fragment : TargetError::badByte; }

// path ["?" query], to the end of the text.
std::optional<TargetError> readPathAndQuery(std::string_view text, Target& target,
                                            TargetSyntax syntax) noexcept {
  const std::size_t pathEnd = scanPath(text, syntax, target.mayNeedCanonicalForm);
  if (pathEnd == kBadEscape) return TargetError::badEscape;
  target.path = text.substr(0, pathEnd);
  if (pathEnd == text.size()) return std::nullopt;
  if (text[pathEnd] != '?') return errorAt(text[pathEnd]);
  const std::size_t queryEnd = scanQuery(text, pathEnd + 1, syntax);
  if (queryEnd == kBadEscape) return TargetError::badEscape;
  if (queryEnd != text.size()) return errorAt(text[queryEnd]);
  target.hasQuery = true;
  target.query = text.substr(pathEnd + 1);
  return std::nullopt;
}

// The length of "http://" or "https://" at the start of the text.
std::optional<std::size_t> schemeBytes(std::string_view text) noexcept {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (equalsIgnoringCase(text.substr(0, scheme.size()), scheme)) return scheme.size();
  }
  return std::nullopt;
}

[[gnu::cold, gnu::noinline]] std::optional<TargetError> readAbsolute(Method method, std::string_view text,
                                                                     Target& target,
                                                                     TargetSyntax syntax) noexcept {
  const auto scheme = schemeBytes(text);
  if (!scheme)
    return text.find("://") == std::string_view::npos ? TargetError::wrongForm : TargetError::badScheme;
  text.remove_prefix(*scheme);
  target.form = TargetForm::absolute;
  target.authority = text.substr(0, text.find_first_of("/?#"));
  if (!isValidHost(target.authority)) return TargetError::badAuthority;
  if (const auto error = readPathAndQuery(text.substr(target.authority.size()), target, syntax)) return error;
  // RFC 9112 3.2.1 and 3.2.4: a missing path is "/", and for OPTIONS without query it is "*".
  if (target.path.empty()) target.path = method == Method::options && !target.hasQuery ? "*" : "/";
  return std::nullopt;
}

// RFC 9112 3.2.3: host and port, both.
[[gnu::cold, gnu::noinline]] std::optional<TargetError> readAuthority(std::string_view text,
                                                                      Target& target) noexcept {
  if (!isValidHost(text)) return TargetError::badAuthority;
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon + 1 == text.size() || text.back() == ']')
    return TargetError::wrongForm;
  target.form = TargetForm::authority;
  target.authority = text;
  return std::nullopt;
}

}  // namespace

std::optional<TargetError> readTarget(Method method, std::string_view text, Target& target,
                                      TargetSyntax syntax) noexcept {
  target = Target{};
  if (text.empty()) return TargetError::empty;
  if (method == Method::connect) return readAuthority(text, target);
  if (text.front() == '/') return readPathAndQuery(text, target, syntax);
  if (text != "*") return readAbsolute(method, text, target, syntax);
  if (method != Method::options) return TargetError::wrongForm;
  target.form = TargetForm::asterisk;
  target.path = text;
  return std::nullopt;
}

boost::system::result<Target, TargetError> parseTarget(Method method, std::string_view text,
                                                       TargetSyntax syntax) noexcept {
  Target target;
  if (const auto error = readTarget(method, text, target, syntax)) return *error;
  return target;
}

std::string_view toString(TargetError error) noexcept {
  switch (error) {
    case TargetError::empty:
      return "the request target is empty";
    case TargetError::badByte:
      return "the request target holds a byte that must be percent-encoded";
    case TargetError::badEscape:
      return "the request target holds a '%' without two hex digits";
    case TargetError::fragment:
      return "the request target holds a fragment";
    case TargetError::badScheme:
      return "the request target's scheme is not http or https";
    case TargetError::badAuthority:
      return "the request target's host or port is not valid";
    case TargetError::wrongForm:
      break;
  }
  return "the request target's form does not fit the method";
}

}  // namespace h3
