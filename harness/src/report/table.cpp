#include "report/table.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace leakgate {

namespace {

std::string padded(const std::string& cell, std::size_t width, Align align) {
  const std::string space(width > cell.size() ? width - cell.size() : 0, ' ');
  return align == Align::left ? cell + space : space + cell;
}

std::string escaped(const std::string& cell) {
  std::string text;
  for (const char c : cell) text += c == '|' ? std::string("\\|") : std::string(1, c);
  return text;
}

}  // namespace

bool wantsColour(int descriptor) {
  const char* refused = std::getenv("NO_COLOR");
  return ::isatty(descriptor) == 1 && (refused == nullptr || *refused == '\0');
}

std::string Table::text() const {
  std::vector<std::vector<std::string>> lines(1);
  for (const auto& column : columns_) lines[0].push_back(column.title);
  lines.insert(lines.end(), rows_.begin(), rows_.end());
  std::vector<std::size_t> widths(columns_.size());
  for (auto& cells : lines) {
    cells.resize(columns_.size());
    for (std::size_t c = 0; c < cells.size(); ++c) widths[c] = std::max(widths[c], cells[c].size());
  }
  std::string text;
  for (const auto& cells : lines) {
    std::string line;
    for (std::size_t c = 0; c < cells.size(); ++c) {
      line += (c == 0 ? "" : "  ") + padded(cells[c], widths[c], columns_[c].align);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string Table::markdown() const {
  std::string titles = "|";
  std::string rule = "|";
  for (const auto& column : columns_) {
    titles += " " + escaped(column.title) + " |";
    rule += column.align == Align::left ? "---|" : "---:|";
  }
  std::string text = titles + "\n" + rule + "\n";
  for (auto cells : rows_) {
    cells.resize(columns_.size());
    text += "|";
    for (const auto& cell : cells) text += " " + escaped(cell) + " |";
    text += "\n";
  }
  return text;
}

}  // namespace leakgate
