#include "testing/cookie_jar.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "http/ascii_case.hpp"
#include "http/date.hpp"

namespace h3::test {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Removes the text up to the first `end`, and that; returns the text.
std::string_view takeUntil(std::string_view& text, char end) {
  const std::size_t size = std::min(text.find(end), text.size());
  const std::string_view taken = text.substr(0, size);
  text.remove_prefix(std::min(size + 1, text.size()));
  return taken;
}

// RFC 6265 5.1.4: up to the last '/', which is left out.
std::string_view defaultPath(std::string_view path) {
  const std::size_t last = path.substr(0, path.find('?')).rfind('/');
  return last == std::string_view::npos || last == 0 ? "/" : path.substr(0, last);
}

bool pathMatches(std::string_view path, std::string_view prefix) {
  if (!path.starts_with(prefix)) return false;
  return path.size() == prefix.size() || prefix.ends_with('/') || path[prefix.size()] == '/';
}

bool domainMatches(std::string_view host, std::string_view domain) {
  if (domain.starts_with('.')) domain.remove_prefix(1);
  if (domain.empty() || equalsIgnoringCase(host, domain)) return true;
  return host.size() > domain.size() && host[host.size() - domain.size() - 1] == '.' &&
         equalsIgnoringCase(host.substr(host.size() - domain.size()), domain);
}

std::optional<std::time_t> timeAfter(std::string_view maxAge, std::time_t now) {
  long long seconds = 0;
  const auto parsed = std::from_chars(maxAge.data(), maxAge.data() + maxAge.size(), seconds);
  if (parsed.ec != std::errc{} || parsed.ptr != maxAge.data() + maxAge.size()) return std::nullopt;
  constexpr long long kMaxSeconds = 400LL * 86'400;  // RFC 6265bis 5.5: 400 days
  return seconds <= 0 ? std::time_t{0} : now + static_cast<std::time_t>(std::min(seconds, kMaxSeconds));
}

}  // namespace

void CookieJar::store(std::string_view field, std::string_view host, std::string_view path, std::time_t now) {
  std::string_view pair = takeUntil(field, ';');
  if (pair.find('=') == std::string_view::npos) return;
  Cookie cookie;
  cookie.name = trimmed(takeUntil(pair, '='));
  cookie.value = trimmed(pair);
  cookie.path = defaultPath(path);
  std::optional<std::time_t> maxAge;
  while (!field.empty()) {
    std::string_view attribute = takeUntil(field, ';');
    const std::string_view name = trimmed(takeUntil(attribute, '='));
    const std::string_view value = trimmed(attribute);
    if (equalsIgnoringCase(name, "Path") && value.starts_with('/')) cookie.path = value;
    if (equalsIgnoringCase(name, "Domain") && !domainMatches(host, value)) return;
    if (equalsIgnoringCase(name, "Expires")) cookie.expires = parseHttpDate(value);
    if (equalsIgnoringCase(name, "Max-Age")) maxAge = timeAfter(value, now);
  }
  if (maxAge) cookie.expires = maxAge;  // it wins, wherever it stands
  if (cookie.name.empty()) return;
  insert(std::move(cookie));
  dropExpired(now);
}

void CookieJar::set(std::string_view name, std::string_view value) {
  Cookie cookie;
  cookie.name = name;
  cookie.value = value;
  insert(std::move(cookie));
}

void CookieJar::insert(Cookie cookie) {
  const auto same = [&cookie](const Cookie& other) {
    return other.name == cookie.name && other.path == cookie.path;
  };
  const auto old = std::find_if(cookies_.begin(), cookies_.end(), same);
  if (old != cookies_.end()) {
    *old = std::move(cookie);
    return;
  }
  if (cookies_.size() == kMaxCookies) cookies_.erase(cookies_.begin());
  const auto shorter = [&cookie](const Cookie& other) { return other.path.size() < cookie.path.size(); };
  cookies_.insert(std::find_if(cookies_.begin(), cookies_.end(), shorter), std::move(cookie));
}

void CookieJar::dropExpired(std::time_t now) {
  std::erase_if(cookies_, [now](const Cookie& cookie) { return cookie.expires && *cookie.expires <= now; });
}

std::optional<std::string_view> CookieJar::find(std::string_view name) const {
  for (const Cookie& cookie : cookies_)
    if (cookie.name == name) return cookie.value;
  return std::nullopt;
}

std::string CookieJar::fieldFor(std::string_view path, std::time_t now) {
  dropExpired(now);
  path = path.substr(0, path.find('?'));
  std::string field;
  for (const Cookie& cookie : cookies_) {
    if (!pathMatches(path, cookie.path)) continue;
    if (!field.empty()) field.append("; ");
    field.append(cookie.name).append("=").append(cookie.value);
  }
  return field;
}

}  // namespace h3::test
