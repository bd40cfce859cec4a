#include "cli/help_text.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

namespace leakgate {

namespace {

bool isProse(std::string_view line) { return !line.empty() && line.front() != ' '; }

// The lines of the text; prose that was broken at more than `columns` is joined again.
std::vector<std::string> logicalLines(std::string_view text, std::size_t columns) {
  std::istringstream in{std::string(text)};
  std::vector<std::string> lines;
  bool goesOn = false;
  for (std::string line; std::getline(in, line);) {
    const bool wasLong = isProse(line) && line.size() > columns;
    if (goesOn && isProse(line)) {
      lines.back() += " " + line;
    } else {
      lines.push_back(line);
    }
    goesOn = wasLong;
  }
  return lines;
}

// Indentation of the rest of a broken line.
std::size_t indentOf(const std::string& line, std::size_t descriptionColumn) {
  const auto first = line.find_first_not_of(' ');
  if (first == 0 || first == std::string::npos) return 0;
  const bool describes = line.size() > descriptionColumn && line.compare(descriptionColumn - 2, 2, "  ") == 0;
  return describes ? descriptionColumn : first;
}

}  // namespace

std::string wrapLine(std::string line, std::size_t columns, std::size_t indent) {
  std::string text;
  while (line.size() > columns) {
    auto end = line.rfind(' ', columns);
    if (end == std::string::npos || end <= indent) end = line.find(' ', columns);
    if (end == std::string::npos) break;
    text += line.substr(0, end) + "\n";
    const auto rest = line.find_first_not_of(' ', end);
    if (rest == std::string::npos) return text;
    line = std::string(indent, ' ') + line.substr(rest);
  }
  return text + line + "\n";
}

std::string wrapHelp(std::string_view text, std::size_t columns, std::size_t descriptionColumn) {
  std::string wrapped;
  for (const auto& line : logicalLines(text, columns))
    wrapped += wrapLine(line, columns, indentOf(line, descriptionColumn));
  return wrapped;
}

std::string HelpFormatter::make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const {
  return wrapHelp(CLI::Formatter::make_help(app, std::move(name), mode), kHelpColumns, get_column_width());
}

}  // namespace leakgate
