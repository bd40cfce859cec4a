#include "scenario/printable.hpp"

#include <doctest/doctest.h>

#include "scenario/input_error.hpp"

using namespace leakgate;

TEST_CASE("what drives a terminal or turns text round is escaped, and nothing else") {
  struct Row {
    const char* text;
    const char* safe;
  };
  const Row rows[] = {
      {"plain, \"quoted\" \\ and\ttabbed", "plain, \"quoted\" \\ and tabbed"},
      {"two\nlines\r\n", "two\nlines\\x0d\n"},
      {"\x1b[31mred\x7f", "\\x1b[31mred\\x7f"},
      {"raw \x9b"
       "31m",
       "raw \\x9b31m"},
      {"U+009B \xc2\x9b"
       "31m, U+0085 \xc2\x85, U+00A0 \xc2\xa0",
       "U+009B \\x9b31m, U+0085 \\x85, U+00A0 \xc2\xa0"},
      {"\xe2\x80\xae"
       "gnp.exe\xe2\x80\xac \xe2\x81\xa6\xe2\x81\xa9 \xd8\x9c \xe2\x80\x8f \xe2\x80\xa8",
       "\\u202egnp.exe\\u202c \\u2066\\u2069 \\u061c \\u200f \\u2028"},
      {"Gr\xc3\xbc\xc3\x9f"
       "e \xe2\x82\xac \xf0\x9f\x98\x80",
       "Gr\xc3\xbc\xc3\x9f"
       "e \xe2\x82\xac \xf0\x9f\x98\x80"},
      {"cut \xe2\x82", "cut \\xe2\\x82"},
      {"overlong \xc0\x9b \xe0\x82\x9b", "overlong \\xc0\\x9b \\xe0\\x82\\x9b"},
      {"surrogate \xed\xa0\x80, beyond \xf4\x90\x80\x80",
       "surrogate \\xed\\xa0\\x80, beyond \\xf4\\x90\\x80\\x80"},
  };
  for (const auto& row : rows) CHECK(printable(row.text) == row.safe);
}

TEST_CASE("a text is cut between characters") {
  CHECK(wholeCharacters("abc", 3) == "abc");
  CHECK(wholeCharacters("abcd", 3) == "abc");
  CHECK(wholeCharacters("ab\xe2\x82\xac", 4) == "ab");
  CHECK(wholeCharacters("ab\xe2\x82\xac!", 5) == "ab\xe2\x82\xac");
  CHECK(wholeCharacters("\x9b\x9b\x9b\x9b\x9b\x9b\x9b", 6).size() == 6);  // no UTF-8
}

TEST_CASE("a message about a user's file cannot drive the terminal") {
  const InputError error("s.json", "load.mode", "\"\x1b]0;title\x07\"", "\"closed\"");
  CHECK(std::string(error.what()) == "s.json: load.mode: found \"\\x1b]0;title\\x07\", expected \"closed\"");
  CHECK(std::string(InputError("a\xe2\x80\xae.json: cannot read").what()) == "a\\u202e.json: cannot read");
}
