#include "writers/foreign_text.hpp"

#include <algorithm>

#include "scenario/printable.hpp"

namespace leakgate {

namespace {

constexpr std::string_view kCut = "...";

// U+FFFE and U+FFFF are characters to UTF-8, and none to XML 1.0 (section 2.2).
void escapeNoncharacters(std::string& text) {
  for (const auto& [bytes, escaped] : {std::pair{"\xef\xbf\xbe", "\\ufffe"}, {"\xef\xbf\xbf", "\\uffff"}})
    for (auto at = text.find(bytes); at != std::string::npos; at = text.find(bytes, at))
      text.replace(at, 3, escaped);
}

}  // namespace

std::string foreignText(std::string_view text, std::size_t maxBytes) {
  // An escape is longer than what it stands for: the rest cannot fit.
  const bool isLong = text.size() > maxBytes;
  std::string safe = printable(wholeCharacters(text, maxBytes));
  escapeNoncharacters(safe);
  if (!isLong && safe.size() <= maxBytes) return safe;
  return std::string(wholeCharacters(safe, maxBytes - kCut.size())) + std::string(kCut);
}

std::string foreignLine(std::string_view text, std::size_t maxBytes) {
  std::string line = foreignText(text, maxBytes);
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

}  // namespace leakgate
