#include "html/source_excerpt.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

namespace leakgate {

namespace {

namespace fs = std::filesystem;

bool isBelow(const fs::path& file, const fs::path& root) {
  const auto [inRoot, inFile] = std::mismatch(root.begin(), root.end(), file.begin(), file.end());
  return inRoot == root.end() && inFile != file.end();
}

std::string withoutTabs(const std::string& line) {
  constexpr std::size_t kTabWidth = 4;
  std::string spaced;
  for (const char c : line) {
    if (c == '\t') {
      spaced.append(kTabWidth - spaced.size() % kTabWidth, ' ');
    } else {
      spaced += c;
    }
  }
  return spaced;
}

struct Excerpt {
  unsigned first = 0;  ///< number of the first line, from 1
  std::vector<std::string> lines;
};

Excerpt excerptOf(const std::string& text, unsigned line) {
  Excerpt excerpt;
  excerpt.first = line > kLinesAround ? line - kLinesAround : 1;
  std::istringstream stream(text);
  std::string one;
  for (unsigned number = 1; number <= line + kLinesAround && std::getline(stream, one); ++number)
    if (number >= excerpt.first) excerpt.lines.push_back(withoutTabs(one));
  return excerpt;
}

}  // namespace

SourceReader sourcesBelow(const fs::path& root) {
  std::error_code error;
  const fs::path top = fs::canonical(root, error);
  return [top](const std::string& name) -> std::optional<std::string> {
    std::error_code failed;
    const fs::path file = fs::canonical(top / name, failed);
    if (failed || !isBelow(file, top) || !fs::is_regular_file(file, failed)) return std::nullopt;
    if (const auto size = fs::file_size(file, failed); failed || size > kMaxSourceBytes) return std::nullopt;
    std::ifstream stream(file, std::ios::binary);
    if (!stream) return std::nullopt;
    return std::string(std::istreambuf_iterator<char>(stream), {});
  };
}

void addSourceExcerpt(Markup& markup, const SourceReader& read, const std::string& file, unsigned line) {
  if (!read || file.empty() || line == 0) return;
  const auto text = read(file);
  if (!text) return;
  const Excerpt excerpt = excerptOf(*text, line);
  if (excerpt.first + excerpt.lines.size() <= line) return;
  const auto pre = markup.open("pre", {{"class", "source"}, {"tabindex", "0"}, {"aria-label", "source"}});
  for (std::size_t i = 0; i < excerpt.lines.size(); ++i) {
    const bool blamed = excerpt.first + i == line;
    const std::string shown =
        fmt::format("{} {:>5}  {}", blamed ? ">" : " ", excerpt.first + i, excerpt.lines[i]);
    if (blamed) {
      markup.element("mark", shown);
    } else {
      markup.text(shown);
    }
    markup.text("\n");
  }
}

}  // namespace leakgate
