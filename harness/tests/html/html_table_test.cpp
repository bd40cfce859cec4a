#include "html/html_table.hpp"

#include <doctest/doctest.h>

using namespace leakgate;

TEST_CASE("a table has headings, aligned numbers, tones and links") {
  Markup markup;
  addTable(markup, {"", {{"metric"}, {"value", Align::right}}, {{{"a<b", "", "#x"}, {"17 B", "fail"}}}});
  const std::string table = markup.take();
  CHECK(table.find("<th scope=\"col\" class=\"number\">value</th>") != std::string::npos);
  CHECK(table.find("<td class=\"name\"><a href=\"#x\">a&lt;b</a></td>") != std::string::npos);
  CHECK(table.find("<td class=\"number fail\">17 B</td>") != std::string::npos);
}

TEST_CASE("there is no table without rows") {
  Markup markup;
  addTable(markup, {"", {{"metric"}}, {}});
  CHECK(markup.take().empty());
}
