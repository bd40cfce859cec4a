#include "http/header_table.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "../memory/allocation_counter.hpp"

using h3::HeaderTable;

namespace {

// "name: value\n" lines, added to the table as views into the text.
void addLines(HeaderTable& table, const std::string& text) {
  table.rebase(text.data());
  const std::string_view all(text);
  for (std::size_t begin = 0; begin < all.size();) {
    const std::size_t end = all.find('\n', begin);
    const std::size_t colon = all.find(": ", begin);
    REQUIRE(table.add(all.substr(begin, colon - begin), all.substr(colon + 2, end - colon - 2)));
    begin = end + 1;
  }
}

}  // namespace

TEST_CASE("fields are found in any case, keep their order, and duplicates stay") {
  const std::string text = "Host: a.example\nAccept: x\nX-Empty: \naccept: y\n";
  HeaderTable table;
  addLines(table, text);
  CHECK(table.count() == 4);
  CHECK(table.find("HOST") == "a.example");
  CHECK(table.find("host") == "a.example");
  CHECK(table.find("accept") == "x");
  CHECK(table.find("x-empty") == "");
  CHECK_FALSE(table.find("hos"));
  CHECK_FALSE(table.find("hostx"));
  CHECK_FALSE(table.find(""));
  CHECK(table.countOf("ACCEPT") == 2);
  CHECK(table.countOf("none") == 0);
  table.setFirst("accept", std::string_view(text).substr(6, 1));
  CHECK(table.find("accept") == "a");
  CHECK(table[3].value == "y");
  table.setFirst("Accept", std::string_view(text).substr(24, 1));
  CHECK(table.find("accept") == "x");
  table.setFirst("none", text);
  CHECK(table.findOnly("host") == "a.example");
  CHECK(table.findOnly("x-empty") == "");
  CHECK_FALSE(table.findOnly("accept"));
  CHECK_FALSE(table.findOnly("none"));
  std::vector<std::string> lines;
  table.forEach("Accept", [&lines](std::string_view value) { lines.emplace_back(value); });
  CHECK(lines == std::vector<std::string>{"x", "y"});
  std::vector<std::string> values;
  for (const h3::HeaderField field : table) values.emplace_back(field.value);
  CHECK(values == std::vector<std::string>{"a.example", "x", "", "y"});
}

TEST_CASE("fields follow their buffer") {
  const std::string first = "Host: a.example\n";
  HeaderTable table;
  addLines(table, first);
  const std::string moved = "Host: b.example\n";
  table.rebase(moved.data());
  CHECK(table.find("host") == "b.example");
  CHECK(table[0].name.data() == moved.data());
}

TEST_CASE("both sides of the capacity, and use again after clear") {
  const std::string text = "a: b";
  const std::string_view view(text);
  h3::test::AllocationCounter use;
  HeaderTable table;
  table.rebase(text.data());
  for (int round = 0; round < 2; ++round) {
    for (std::size_t i = 0; i < HeaderTable::kCapacity; ++i)
      CHECK(table.add(view.substr(0, 1), view.substr(3)));
    CHECK_FALSE(table.add(view.substr(0, 1), view.substr(3)));
    CHECK(table.count() == 100);
    table.clear();
    CHECK(table.count() == 0);
    CHECK_FALSE(table.find("a"));
    CHECK(table.begin() == table.end());
  }
  CHECK(use.count() == 0);
}

TEST_CASE("a value that is a view of nothing") {
  const std::string text = "a";
  HeaderTable table;
  table.rebase(text.data());
  CHECK(table.add(text, std::string_view()));
  CHECK(table.find("A") == "");
}

TEST_CASE("comparison is for A-Z only and reads no byte outside") {
  struct Row {
    const char* a;
    const char* b;
    bool equal;
  };
  const Row rows[] = {
      {"", "", true},          {"a", "A", true},      {"Content-Length", "content-length", true},
      {"@", "`", false},       {"[", "{", false},     {"a", "b", false},
      {"k", "\xE2", false},    {"-", "\r", false},    {"abc", "abcd", false},
      {"\xC0", "\xE0", false}, {"host", "hosT", true}};
  for (const Row& row : rows) {
    CAPTURE(row.a);
    CHECK(h3::equalsIgnoringCase(row.a, row.b) == row.equal);
  }
  // Exact heap blocks, so that AddressSanitizer sees one byte too many.
  for (std::size_t length = 1; length <= 24; ++length) {
    const auto upper = std::make_unique<char[]>(length);
    const auto lower = std::make_unique<char[]>(length);
    std::fill_n(upper.get(), length, 'H');
    std::fill_n(lower.get(), length, 'h');
    CHECK(h3::equalsIgnoringCase({upper.get(), length}, {lower.get(), length}));
    lower[length - 1] = 'x';
    CHECK_FALSE(h3::equalsIgnoringCase({upper.get(), length}, {lower.get(), length}));
  }
}
