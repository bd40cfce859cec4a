#include "http/percent.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "h3http/arena.hpp"

using h3::Arena;

TEST_CASE("percent decoding") {
  struct Row {
    std::string encoded, decoded, decodedQuery;
  };
  const Row rows[] = {
      {"", "", ""},
      {"plain", "plain", "plain"},
      {"a+b", "a+b", "a b"},
      {"%41%62", "Ab", "Ab"},
      {"%2B+%2b", "+++", "+ +"},
      {"%E2%82%AC", "\xE2\x82\xAC", "\xE2\x82\xAC"},
      {"%00", std::string(1, '\0'), std::string(1, '\0')},
      {"%252e", "%2e", "%2e"},
      {"%", "%", "%"},
      {"%4", "%4", "%4"},
      {"%4g%41", "%4gA", "%4gA"},
      {"%%41", "%A", "%A"},
      {"100%", "100%", "100%"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.encoded);
    Arena arena;
    CHECK(h3::percentDecode(row.encoded, arena) == row.decoded);
    CHECK(h3::decodeQueryComponent(row.encoded, arena) == row.decodedQuery);
    CHECK(h3::queryComponentEquals(row.encoded, row.decodedQuery));
    CHECK_FALSE(h3::queryComponentEquals(row.encoded, row.decodedQuery + "x"));
    CHECK_FALSE(h3::queryComponentEquals(row.encoded + "x", row.decodedQuery));
  }
}

TEST_CASE("a query is encoded where RFC 3986 wants it") {
  Arena arena;
  CHECK(h3::encodeQuery("a[]=1&b={x|y}^`\\", arena) == "a%5B%5D=1&b=%7Bx%7Cy%7D%5E%60%5C");
  CHECK(h3::encodeQuery("%5b[\r\n", arena) == "%5b%5B%0D%0A");
  const std::string_view plain = "a=%20+&/?:@-._~!$'()*,;";
  CHECK(h3::encodeQuery(plain, arena).data() == plain.data());
}

TEST_CASE("text without escapes is not copied, and decoding keeps only the bytes it needs") {
  Arena arena;
  const std::string_view plain = "plain+text";
  CHECK(h3::percentDecode(plain, arena).data() == plain.data());
  CHECK(arena.usedBytes() == 0);
  CHECK(h3::decodeQueryComponent("%41%42%43", arena) == "ABC");
  CHECK(arena.usedBytes() == 3);
}
