// A table that scrolls by itself where the screen is narrow.
#pragma once

#include <string>
#include <vector>

#include "html/markup.hpp"
#include "report/table.hpp"

namespace leakgate {

/// One cell. `tone`: "pass", "fail", "warn", "muted" or "".
struct HtmlCell {
  std::string text;
  std::string tone{};
  std::string link{};  ///< address within the page or beside it; "" for none
};

struct HtmlTable {
  std::string caption;                 ///< may be ""
  std::vector<Table::Column> columns;  ///< the first names the row
  std::vector<std::vector<HtmlCell>> rows;
};

/// Nothing without rows.
void addTable(Markup& markup, const HtmlTable& table);

}  // namespace leakgate
