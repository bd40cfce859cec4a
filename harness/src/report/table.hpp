// Writes text in columns.
#pragma once

#include <string>
#include <vector>

namespace leakgate {

/// Of a terminal: what most texts keep to.
inline constexpr std::size_t kColumns = 80;

/// Whether output may be coloured: a terminal, and no NO_COLOR in the environment.
bool wantsColour(int descriptor);

enum class Align { left, right };

/// Rows of cells, printed with each column as wide as its widest cell and two spaces between.
class Table {
 public:
  struct Column {
    std::string title;
    Align align = Align::left;
  };

  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// Missing cells are empty; cells beyond the columns are dropped. ASCII: a byte is a column.
  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

  /// Lines that end in a newline, the titles first; no trailing spaces.
  std::string text() const;

  /// GitHub's Markdown; "|" in a cell is escaped.
  std::string markdown() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace leakgate
