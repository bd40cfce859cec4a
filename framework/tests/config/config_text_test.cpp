#include "config/config_text.hpp"

#include <doctest/doctest.h>

#include <cstdint>

TEST_CASE("numbers are read whole, and only if they fit") {
  std::uint16_t port = 7;
  CHECK(h3::readNumber("65535", port));
  CHECK(port == 65535);
  for (const char* const text : {"65536", "-1", "+1", " 1", "1 ", "1.0", "0x10", "", "1e3"}) {
    CAPTURE(text);
    CHECK_FALSE(h3::readNumber(text, port));
    CHECK(port == 65535);
  }
  double share = 0;
  CHECK(h3::readNumber("0.25", share));
  CHECK(share == 0.25);
  CHECK_FALSE(h3::readNumber("inf", share));
  CHECK_FALSE(h3::readNumber("nan", share));
}

TEST_CASE("booleans and permissions") {
  bool value = false;
  for (const char* const text : {"true", "yes", "on", "1"}) CHECK((h3::readBoolean(text, value) && value));
  for (const char* const text : {"false", "no", "off", "0"}) CHECK((h3::readBoolean(text, value) && !value));
  for (const char* const text : {"", "TRUE", "2", "y"}) CHECK_FALSE(h3::readBoolean(text, value));
  unsigned mode = 0;
  CHECK(h3::readOctal("0660", mode));
  CHECK(mode == 0660);
  CHECK_FALSE(h3::readOctal("0668", mode));
  CHECK_FALSE(h3::readOctal("", mode));
}

TEST_CASE("texts in quotes") {
  CHECK(h3::inQuotes("a\"b\n") == R"("a\"b\n")");
  CHECK(h3::inQuotes("\xff") == "\"\xef\xbf\xbd\"");  // no UTF-8: replaced, not thrown
}
