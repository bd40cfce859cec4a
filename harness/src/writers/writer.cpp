#include "writers/writer.hpp"

#include <algorithm>
#include <array>

#include "writers/formats.hpp"

namespace leakgate {

namespace {

using Names = std::array<std::string_view, 2>;

constexpr Names kJunitFiles{".xml", ".junit"};
constexpr Names kHtmlFiles{".html", ".htm"};

constexpr std::array kWriters{
    Writer{"junit", "JUnit XML: a test case for each scenario (Jenkins, GitLab, Azure ...)", kJunitFiles,
           junitXml},
    Writer{"html", "a self-contained page, for people; leakgate reads the report in it", kHtmlFiles,
           htmlText},
};

}  // namespace

std::span<const Writer> allWriters() { return kWriters; }

const Writer* writerNamed(std::string_view name) {
  const auto found = std::ranges::find(kWriters, name, &Writer::name);
  return found == kWriters.end() ? nullptr : &*found;
}

const Writer* writerForFile(std::string_view file) {
  const Writer* best = nullptr;
  std::size_t longest = 0;
  for (const Writer& writer : kWriters) {
    for (const std::string_view end : writer.files) {
      if (end.size() <= longest || !file.ends_with(end)) continue;
      best = &writer;
      longest = end.size();
    }
  }
  return best;
}

}  // namespace leakgate
