#include "http/canonical_path.hpp"

#include <algorithm>
#include <cstring>

#include "h3http/arena.hpp"
#include "h3http/detail/canonical_segment.hpp"
#include "h3http/detail/uri_bytes.hpp"
#include "http/target.hpp"

namespace h3 {
namespace {

constexpr std::size_t kEscapeBytes = 3;

bool needsEscape(char c) { return c != '%' && !UriBytes::is(c, UriBytes::kPath); }

// Spells every byte and escape of `path` in one way; returns how many bytes that are. `out` has room for
// kEscapeBytes for each byte of `path` that needs an escape, and for the others.
std::size_t respell(std::string_view path, char* out) noexcept {
  const char* const begin = out;
  while (!path.empty()) {
    const bool escaped = path.front() == '%' && UriBytes::isEscape(path);
    const char byte = escaped ? UriBytes::decoded(path) : path.front();
    path.remove_prefix(escaped ? kEscapeBytes : 1);
    if (UriBytes::is(byte, UriBytes::kPath) && !(escaped && byte == '/')) {
      *out++ = byte;
    } else {
      out = UriBytes::escape(byte, out);
    }
  }
  return static_cast<std::size_t>(out - begin);
}

// RFC 3986 5.2.4, in place, for text that begins with '/'. Returns the new size, at least 1.
std::size_t removeDotSegments(char* text, std::size_t size) noexcept {
  std::size_t kept = 0;
  for (std::size_t begin = 0; begin < size;) {  // at a '/'
    const std::string_view rest(text + begin, size - begin);
    const std::size_t bytes = std::min(rest.find('/', 1), rest.size());
    const std::string_view segment = rest.substr(1, bytes - 1);
    const bool dots = CanonicalSegment::isDots(segment);
    if (!dots) {
      std::memmove(text + kept, text + begin, bytes);
      kept += bytes;
    } else if (segment == "..") {
      while (kept > 0 && text[--kept] != '/') {
      }
    }
    begin += bytes;
    if (dots && begin == size) text[kept++] = '/';
  }
  return std::max<std::size_t>(kept, 1);
}

bool isUnroutable(std::string_view canonical) noexcept {
  if (canonical.find('%') == std::string_view::npos) return false;
  return canonical.find("%00") != std::string_view::npos || CanonicalSegment::hidesDots(canonical);
}

bool startsParameter(std::string_view segment) {
  return segment.starts_with(':') || segment == "*" || segment.starts_with("**");
}

// Takes one slash, however it is written, or one other byte from the front of `path`.
char takeDecoded(std::string_view& path) noexcept {
  bool slash = false;
  for (;; slash = true) {
    if (path.starts_with('/')) {
      path.remove_prefix(1);
    } else if (path.starts_with(CanonicalSegment::kEncodedSlash)) {
      path.remove_prefix(CanonicalSegment::kEncodedSlash.size());
    } else {
      break;
    }
  }
  if (slash) return '/';
  const char byte = path.front();
  path.remove_prefix(1);
  return byte;
}

}  // namespace

[[gnu::noinline]] std::string_view canonicalPath(Target& target, Arena& arena) {
  if (!target.mayNeedCanonicalForm) return target.path;
  const std::string_view path = target.path;
  const auto growing = static_cast<std::size_t>(std::count_if(path.begin(), path.end(), needsEscape));
  const std::size_t room = path.size() + growing * (kEscapeBytes - 1);
  char* const text = arena.allocateChars(room).data();
  const std::size_t spelled = respell(path, text);
  const std::size_t size = removeDotSegments(text, spelled);
  arena.extendLast(text, room, size);
  target.hadDotSegments = size != spelled;
  target.isUnroutable = isUnroutable({text, size});
  return {text, size};
}

std::string canonicalSpelling(std::string_view path) {
  std::string text(path.size() * kEscapeBytes, '\0');
  text.resize(respell(path, text.data()));
  if (text.starts_with('/')) text.resize(removeDotSegments(text.data(), text.size()));
  return text;
}

std::string problemOfPath(std::string_view path) {
  if (!path.starts_with('/')) return "expected a path that begins with '/'";
  for (std::size_t at = path.find('%'); at != std::string_view::npos; at = path.find('%', at + 1))
    if (!UriBytes::isEscape(path.substr(at)))
      return "'%' needs two hex digits; write %25 for the byte itself";
  if (const std::string canonical = canonicalSpelling(path); canonical != path)
    return "paths are compared in one spelling; write \"" + canonical + '"';
  if (isUnroutable(path))
    return "no route is ever found for %00, or for dot segments between encoded slashes";
  return {};
}

std::string problemOfPrefix(std::string_view prefix) {
  if (prefix.empty()) return {};
  if (!prefix.starts_with('/') || prefix.ends_with('/'))
    return "expected \"\" or a path that begins with '/' and does not end with it";
  if (prefix.find("//") != std::string_view::npos)
    return "an empty segment: several slashes count as one here; write one";
  if (prefix.find("%2F") != std::string_view::npos || prefix.find("%2f") != std::string_view::npos)
    return "an encoded slash counts as a slash here; write '/'";
  for (std::string_view rest = prefix.substr(1);;) {
    const std::size_t slash = rest.find('/');
    if (startsParameter(rest.substr(0, slash)))
      return "a prefix is literal: parameters and wildcards match nothing in it; name the segments, or give "
             "the middleware to the route itself";
    if (slash == std::string_view::npos) break;
    rest.remove_prefix(slash + 1);
  }
  if (canonicalSpelling(prefix) == "/") return "it is the root; write \"\"";
  return problemOfPath(prefix);
}

[[gnu::cold, gnu::noinline]] bool isUnderDecodedPrefix(std::string_view path,
                                                       std::string_view prefix) noexcept {
  for (const char c : prefix)
    if (path.empty() || takeDecoded(path) != c) return false;
  return path.empty() || takeDecoded(path) == '/';
}

}  // namespace h3
