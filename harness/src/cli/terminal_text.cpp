#include "cli/terminal_text.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "cli/help_text.hpp"
#include "cli/standard_streams.hpp"

namespace leakgate {

namespace {

constexpr std::size_t kNarrowest = 40;

// "  trigger      3 experiments": where the text after a label starts; 0 without a label.
constexpr std::size_t kMaxLabelColumns = 16;

struct Layout {
  std::size_t lead = 0;  // blanks before the first word
  std::size_t gaps = 0;  // two or more blanks between words
  std::size_t text = 0;  // behind the first gap
};

Layout layoutOf(std::string_view line) {
  Layout layout;
  layout.lead = std::min(line.find_first_not_of(' '), line.size());
  for (auto gap = line.find("  ", layout.lead); gap != std::string_view::npos;) {
    const auto next = line.find_first_not_of(' ', gap);
    if (next == std::string_view::npos) break;
    if (layout.gaps++ == 0) layout.text = next;
    gap = line.find("  ", next);
  }
  return layout;
}

bool isCommand(std::string_view line, const Layout& layout) {
  const std::string_view start = line.substr(layout.lead);
  return start.starts_with("reproduce  ") || start.starts_with("replay  ");
}

// "LEAK  place  amount" has two gaps; a table has at least three.
bool isTableRow(const Layout& layout) { return layout.gaps > 2; }

// The words of a command as a shell splits them, with their quotes.
std::vector<std::string> shellWords(std::string_view command) {
  std::vector<std::string> words(1);
  char quote = 0;
  for (const char c : command) {
    if (quote != 0 ? c == quote : c == '\'' || c == '"') quote = quote == 0 ? c : 0;
    if (c == ' ' && quote == 0) {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  return words;
}

std::string wrapCommand(std::string_view line, std::size_t columns, std::size_t indent) {
  constexpr std::string_view kGoesOn = " \\";
  std::string text;
  std::string current(line.substr(0, indent));
  bool first = true;
  for (const std::string& word : shellWords(line.substr(indent))) {
    if (!first && current.size() + 1 + word.size() + kGoesOn.size() > columns) {
      text += current + std::string(kGoesOn) + "\n";
      current = std::string(indent, ' ') + word;
    } else {
      current += (first ? "" : " ") + word;
    }
    first = false;
  }
  return text + current + "\n";
}

std::string wrapped(std::string_view line, std::size_t columns) {
  const Layout layout = layoutOf(line);
  if (line.size() <= columns || isTableRow(layout)) return std::string(line) + "\n";
  const bool labelled = layout.text != 0 && layout.text <= layout.lead + kMaxLabelColumns;
  const std::size_t indent = labelled ? layout.text : layout.lead + 2;
  if (isCommand(line, layout)) return wrapCommand(line, columns, indent);
  return wrapLine(std::string(line), columns, indent);
}

}  // namespace

std::size_t terminalColumns(int descriptor) {
  constexpr std::size_t kUsual = 80;
  if (::isatty(descriptor) != 1) return 0;
  winsize size{};
  if (::ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kUsual;
  return std::max<std::size_t>(size.ws_col, kNarrowest);
}

std::string wrapText(std::string_view text, std::size_t columns) {
  if (columns == 0) return std::string(text);
  std::string all;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    all += wrapped(text.substr(0, end), columns);
    if (end == text.size()) all.pop_back();  // it had no newline
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return all;
}

void writeText(std::string_view text) { writeOutput(wrapText(text, terminalColumns(STDOUT_FILENO))); }

}  // namespace leakgate
