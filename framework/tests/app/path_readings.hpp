// What a path can be read as, by H3's handlers and by what is below them. Uses nothing of H3: an oracle.
#pragma once

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace h3::test {

using Names = std::vector<std::string>;

inline std::string escaped(char c, const char* digits) {
  const auto byte = static_cast<unsigned char>(c);
  return {'%', digits[byte >> 4], digits[byte & 15]};
}

inline bool isPlain(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         (c != '\0' && std::string_view("-._~!$&'()*+,;=:@").find(c) != std::string_view::npos);
}

inline std::string encoded(const Names& names) {
  std::string path;
  for (const std::string& name : names) {
    path += '/';
    for (const char c : name) path += isPlain(c) ? std::string(1, c) : escaped(c, "0123456789ABCDEF");
  }
  return path;
}

inline std::string decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() &&
                        std::isxdigit(static_cast<unsigned char>(text[i + 1])) != 0 &&
                        std::isxdigit(static_cast<unsigned char>(text[i + 2])) != 0;
    result +=
        escape ? static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16)) : text[i];
    if (escape) i += 2;
  }
  return result;
}

// Without empty names and ".", and ".." taken back: as a file system reads it. Cut at a NUL, as C would.
inline Names resolved(std::string_view path) {
  path = path.substr(0, path.find('\0'));
  Names names;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    const std::string_view name = path.substr(0, end);
    if (name == ".." && !names.empty()) names.pop_back();
    if (!name.empty() && name != "." && name != "..") names.emplace_back(name);
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return names;
}

// As resolved(), but ".." is a name.
inline Names unresolved(std::string_view path) {
  Names names;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    if (end > 0) names.emplace_back(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return names;
}

inline bool isBelow(const Names& names, const Names& prefix) {
  return names.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), names.begin());
}

// As RFC 3986 5.2.4: empty names are names. `slash`: for what encoded slashes were replaced by.
inline std::string withoutDots(std::string_view path, char slash) {
  Names names;
  for (std::size_t begin = 1; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view name = path.substr(begin, end - begin);
    if (name == ".." && !names.empty()) names.pop_back();
    if (name != "." && name != "..") names.emplace_back(name);
    begin = end + 1;
  }
  std::string joined;
  for (const std::string& name : names) joined += "/" + name;
  std::replace(joined.begin(), joined.end(), slash, '/');
  return joined;
}

// Whether some reading of the target is below the guard.
inline bool mayBeDenied(std::string_view target, const Names& guard) {
  if (target.starts_with("http://")) target.remove_prefix(std::string_view("http://test").size());
  const std::string path = decoded(target.substr(0, target.find('?')));
  if (isBelow(resolved(path), guard) || isBelow(unresolved(path), guard)) return true;
  // Dot segments go before slashes are decoded: "/a%2Fb/../c" is "/c".
  std::string kept(target.substr(0, target.find('?')));
  for (std::size_t at; (at = std::min(kept.find("%2f"), kept.find("%2F"))) != std::string::npos;)
    kept.replace(at, 3, "\x01");
  return isBelow(unresolved(withoutDots(decoded(kept), '\x01')), guard);
}

}  // namespace h3::test
