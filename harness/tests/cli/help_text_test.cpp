#include "cli/help_text.hpp"

#include <doctest/doctest.h>

using namespace leakgate;

TEST_CASE("lines break at blanks, and what follows is indented as it belongs") {
  struct Row {
    const char* what;
    const char* text;
    const char* wrapped;
  };
  const Row rows[] = {
      {"short", "one two\n", "one two\n"},
      {"exactly the width", "0123456789 0123456789", "0123456789 0123456789\n"},
      {"prose", "0123456789 0123456789 x", "0123456789 0123456789\nx\n"},
      {"broken in the source", "0123456789 0123456789 y\nand more\n", "0123456789 0123456789\ny and more\n"},
      {"a paragraph ends with a short line", "short\nnext\n", "short\nnext\n"},
      {"an option", "  --a      0123456 0123456", "  --a      0123456\n           0123456\n"},
      {"an example", "  leakgate run a b c d e f", "  leakgate run a b c\n  d e f\n"},
      {"a long word stays whole", "0123456789012345678901234567 x", "0123456789012345678901234567\nx\n"},
      {"empty lines stay", "a\n\nb\n", "a\n\nb\n"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    CHECK(wrapHelp(row.text, 21, 11) == row.wrapped);
  }
}
