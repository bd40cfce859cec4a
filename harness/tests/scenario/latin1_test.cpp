#include "scenario/latin1.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace leakgate;

TEST_CASE("each byte is the character with its number, there and back") {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
  const std::string text = textFromBytes(bytes);
  CHECK(text.size() == 128 + 2 * 128);
  CHECK(bytesFromText(text) == bytes);
  CHECK(textFromBytes("\xff") == "\xc3\xbf");
  CHECK(textFromBytes("").empty());
}

TEST_CASE("a character above U+00FF is no byte") {
  CHECK(bytesFromText("\xc3\xbf") == "\xff");
  CHECK_FALSE(bytesFromText("\xc4\x80").has_value());       // U+0100
  CHECK_FALSE(bytesFromText("a\xe2\x82\xac").has_value());  // the euro sign
}
