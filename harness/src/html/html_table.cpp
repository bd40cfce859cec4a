#include "html/html_table.hpp"

#include <algorithm>

namespace leakgate {

namespace {

std::string classOf(const HtmlTable& table, std::size_t column, const std::string& tone) {
  std::string names = table.columns[column].align == Align::right ? "number" : "name";
  if (column > 0 && names == "name") names.clear();
  return names + (tone.empty() || names.empty() ? tone : " " + tone);
}

void addCell(Markup& markup, const HtmlTable& table, std::size_t column, const HtmlCell& cell) {
  const auto td = markup.openInline("td", {{"class", classOf(table, column, cell.tone)}});
  if (cell.link.empty()) {
    markup.text(cell.text);
  } else {
    markup.element("a", cell.text, {{"href", cell.link}});
  }
}

}  // namespace

void addTable(Markup& markup, const HtmlTable& table) {
  if (table.rows.empty()) return;
  const std::string name = table.caption.empty() ? table.columns.front().title : table.caption;
  const auto scroll =
      markup.open("div", {{"class", "scroll"}, {"role", "region"}, {"tabindex", "0"}, {"aria-label", name}});
  const auto element = markup.open("table");
  if (!table.caption.empty()) markup.element("caption", table.caption);
  {
    const auto head = markup.open("thead");
    const auto row = markup.open("tr");
    for (std::size_t i = 0; i < table.columns.size(); ++i)
      markup.element("th", table.columns[i].title, {{"scope", "col"}, {"class", classOf(table, i, "")}});
  }
  const auto body = markup.open("tbody");
  for (const auto& cells : table.rows) {
    const auto row = markup.open("tr");
    for (std::size_t i = 0; i < std::min(cells.size(), table.columns.size()); ++i)
      addCell(markup, table, i, cells[i]);
  }
}

}  // namespace leakgate
