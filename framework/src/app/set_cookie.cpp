#include "h3http/set_cookie.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>
#include <string>

#include "app/cookie_rules.hpp"
#include "app/event_state.hpp"
#include "http/ascii_case.hpp"
#include "http/control_bytes.hpp"
#include "protocol/field_text.hpp"

namespace h3 {
namespace {

constexpr std::size_t kMaxAttributeBytes = 1024;  // browsers ignore a longer one: RFC 6265bis 5.6
constexpr std::size_t kMaxFlagBytes = 128;  // all attributes but Path and Domain, with the longest number
constexpr std::string_view kSetCookie = "Set-Cookie";

[[noreturn, gnu::cold, gnu::noinline]] void refuseCookie(std::string_view name, std::string_view problem) {
  throw std::invalid_argument(std::string("cookie \"").append(name).append("\": ").append(problem));
}

constexpr bool isCookieOctet(char c) {
  return c > 0x20 && c < 0x7F && c != '"' && c != ',' && c != ';' && c != '\\';
}

void checkCookieName(std::string_view name) {
  if (name.empty() || !std::all_of(name.begin(), name.end(), protocol::isTokenByte))
    refuseCookie(name, "a name is a token: letters, digits and !#$%&'*+-.^_`|~");
}

void checkCookieValue(std::string_view name, std::string_view value) {
  const auto* const wrong = std::find_if_not(value.begin(), value.end(), isCookieOctet);
  if (wrong != value.end())
    refuseCookie(name, "byte " + std::to_string(static_cast<unsigned char>(*wrong)) + " at position " +
                           std::to_string(wrong - value.begin()) +
                           " of the value, expected visible ASCII without blank and \",;\\; encode it, for "
                           "example with base64url");
  if (name.size() + value.size() > kMaxCookieBytes)
    refuseCookie(name,
                 "name and value have " + std::to_string(name.size() + value.size()) +
                     " bytes, browsers keep at most 4096; keep the data on the server and send its key");
}

void checkCookiePath(std::string_view name, std::string_view path) {
  if (!path.starts_with('/')) refuseCookie(name, "the path must start with '/'");
  if (path.size() > kMaxAttributeBytes) refuseCookie(name, "the path has more than 1024 bytes");
  if (path.find(';') != std::string_view::npos || holdsControlByte(path))
    refuseCookie(name, "the path holds ';' or a control byte; percent-encode it");
}

// Browsers ignore a leading dot, and drop a cookie whose domain has a port.
void checkCookieDomain(std::string_view name, std::string_view domain) {
  const auto hostByte = [](char c) {
    return (c >= '0' && c <= '9') || (toLowerAscii(c) >= 'a' && toLowerAscii(c) <= 'z') || c == '-' ||
           c == '.';
  };
  if (domain.size() > kMaxAttributeBytes) refuseCookie(name, "the domain has more than 1024 bytes");
  if (domain.starts_with('.') || !std::all_of(domain.begin(), domain.end(), hostByte))
    refuseCookie(
        name, "the domain must be a host name such as \"example.org\", without leading dot, port and scheme");
}

// Browsers compare the prefixes in any case: "__HOST-" is held to the same.
void checkCookiePrefix(std::string_view name, const CookieOptions& options) {
  const auto hasPrefix = [name](std::string_view prefix) {
    return equalsIgnoringCase(name.substr(0, prefix.size()), prefix);
  };
  if (hasPrefix("__Secure-") && !options.secure) refuseCookie(name, "a __Secure- cookie must be secure");
  if (hasPrefix("__Host-") && (!options.secure || !options.domain.empty() || options.path != "/"))
    refuseCookie(name, "a __Host- cookie must be secure, with the path \"/\" and no domain");
}

// The field's value, on the stack. Path and Domain come first: with the name they say which cookie it is.
class CookieText {
 public:
  CookieText(std::string_view name, std::string_view value, const CookieOptions& options) {
    put(name).put("=").put(value);
    identityStart_ = size_;
    put("; Path=").put(options.path);
    if (!options.domain.empty()) put("; Domain=").put(options.domain);
    identityEnd_ = size_;
    if (options.maxAgeSeconds) put("; Max-Age=").put(*options.maxAgeSeconds);
    if (options.httpOnly) put("; HttpOnly");
    if (options.secure) put("; Secure");
    putSameSite(options.sameSite);
    if (options.partitioned) put("; Partitioned");
  }

  std::string_view text() const { return {text_.data(), size_}; }
  std::string_view identity() const { return text().substr(identityStart_, identityEnd_ - identityStart_); }

 private:
  CookieText& put(std::string_view part) {
    std::copy_n(part.data(), part.size(), text_.data() + size_);
    size_ += part.size();
    return *this;
  }
  CookieText& put(std::int64_t number) {
    char* const at = text_.data() + size_;
    size_ += static_cast<std::size_t>(std::to_chars(at, text_.data() + text_.size(), number).ptr - at);
    return *this;
  }
  void putSameSite(SameSite sameSite) {
    constexpr std::array<std::string_view, 3> kValues = {"; SameSite=Strict", "; SameSite=Lax",
                                                         "; SameSite=None"};
    put(kValues[static_cast<std::size_t>(sameSite)]);
  }

  std::array<char, kMaxCookieBytes + 2 * kMaxAttributeBytes + kMaxFlagBytes> text_;
  std::size_t size_ = 0;
  std::size_t identityStart_ = 0;
  std::size_t identityEnd_ = 0;
};

// Whether a field of this response sets the same cookie: RFC 6265bis 5.7, name, domain and path. A value has no ';'.
bool setsSameCookie(const protocol::ResponseField& field, std::string_view name, std::string_view identity) {
  if (!equalsIgnoringCase(field.name, kSetCookie) || !field.value.starts_with(name)) return false;
  if (field.value.substr(name.size(), 1) != "=") return false;
  const std::size_t attributes = field.value.find(';');
  if (attributes == std::string_view::npos) return false;
  const std::string_view rest = field.value.substr(attributes);
  if (!rest.starts_with(identity)) return false;
  const std::string_view next = rest.substr(identity.size());
  return (next.empty() || next.starts_with(';')) && !next.starts_with("; Domain=");
}

}  // namespace

void checkCookie(std::string_view name, std::string_view value, const CookieOptions& options) {
  checkCookieName(name);
  checkCookieValue(name, value);
  checkCookiePath(name, options.path);
  checkCookieDomain(name, options.domain);
  checkCookiePrefix(name, options);
  if (options.sameSite == SameSite::none && !options.secure)
    refuseCookie(name, "SameSite=None must be secure");
  if (options.partitioned && !options.secure) refuseCookie(name, "a partitioned cookie must be secure");
  if (options.maxAgeSeconds && *options.maxAgeSeconds < 0)
    refuseCookie(name, "maxAgeSeconds is negative; to delete a cookie use deleteCookie()");
}

void setCookie(Event& event, std::string_view name, std::string_view value, const CookieOptions& options) {
  checkCookie(name, value, options);
  const CookieText cookie(name, value, options);
  EventState& state = EventState::of(event);
  const auto isSame = [&](const protocol::ResponseField& field) {
    return setsSameCookie(field, name, cookie.identity());
  };
  if (!state.fields.replaceIf(state.arena, isSame, cookie.text()))
    state.fields.append(state.arena, kSetCookie, cookie.text());
}

void deleteCookie(Event& event, std::string_view name, CookieOptions options) {
  options.maxAgeSeconds = 0;
  setCookie(event, name, "", options);
}

}  // namespace h3
