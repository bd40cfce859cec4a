#include "http/utf8.hpp"

#include <doctest/doctest.h>

#include <string>

TEST_CASE("characters at both ends of each length, and what is none") {
  const struct {
    std::string bytes;
    std::size_t valid;    // bytes of the character; 0 when there is none
    std::size_t invalid;  // bytes to replace then
  } rows[] = {
      {"a", 1, 1},
      {"\x7f", 1, 1},
      {"\xc2\x80", 2, 2},
      {"\xdf\xbf", 2, 2},
      {"\xe0\xa0\x80", 3, 3},
      {"\xef\xbf\xbf", 3, 3},
      {"\xf0\x90\x80\x80", 4, 4},
      {"\xf4\x8f\xbf\xbf", 4, 4},
      {"\x80", 0, 1},              // a continuation alone
      {"\xc1\xbf", 0, 1},          // overlong
      {"\xe0\x9f\xbf", 0, 1},      // overlong
      {"\xed\xa0\x80", 0, 1},      // a surrogate
      {"\xf4\x90\x80\x80", 0, 1},  // above U+10FFFF
      {"\xf5\x80\x80\x80", 0, 1},
      {"\xe2\x82", 0, 2},  // cut: the valid part is replaced as one
      {"\xf0\x9f\x98\x61", 0, 3},
  };
  for (const auto& row : rows) {
    CAPTURE(row.bytes.size());
    CAPTURE(static_cast<unsigned char>(row.bytes[0]));
    CHECK(h3::utf8CharacterBytes(row.bytes) == row.valid);
    if (row.valid == 0) CHECK(h3::utf8InvalidBytes(row.bytes) == row.invalid);
  }
  CHECK(h3::utf8CharacterBytes("") == 0);
}
