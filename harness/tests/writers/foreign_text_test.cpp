#include "writers/foreign_text.hpp"

#include <doctest/doctest.h>

#include "writers/hostile_results.hpp"

using namespace leakgate;

TEST_CASE("what a format cannot hold is escaped, and can be read") {
  CHECK(foreignLine("h3::Event::setContext") == "h3::Event::setContext");
  CHECK(foreignLine("\x1b[31m\x7f\xff") == "\\x1b[31m\\x7f\\xff");
  CHECK(foreignLine("a\nb\tc\r") == "a b c\\x0d");
  CHECK(foreignText("a\nb") == "a\nb");
  CHECK(foreignLine("\xef\xbf\xbe\xef\xbf\xbf\xef\xbf\xbd") == "\\ufffe\\uffff\xef\xbf\xbd");
  CHECK(foreignLine(kHostileName).find_first_of("\n\r\x01\x1b") == std::string::npos);
}

TEST_CASE("what is too long is cut, and says so") {
  CHECK(foreignLine("12345678", 8) == "12345678");
  CHECK(foreignLine("123456789", 8) == "12345...");
  CHECK(foreignLine("\x01\x01\x01", 8) == "\\x01\\...");  // what an escape makes too long
  const std::string cut = foreignLine(hugeName());
  CHECK(cut.size() <= kMaxNameBytes);
  CHECK(cut.ends_with("\xc3\xa9..."));
  CHECK(foreignText(hugeName()).size() <= kMaxMessageBytes);
}
