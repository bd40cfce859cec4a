#include "protocol/framing.hpp"

#include <doctest/doctest.h>

#include <initializer_list>
#include <limits>
#include <string>
#include <string_view>

using h3::protocol::BodyKind;
using h3::protocol::Framing;

namespace {

// "L:5" is a Content-Length of 5, "T:chunked" a Transfer-Encoding.
Framing framingOf(std::initializer_list<std::string_view> fields) {
  Framing framing;
  for (const std::string_view field : fields) {
    if (field.starts_with("L:")) framing.addContentLength(field.substr(2));
    if (field.starts_with("T:")) framing.addTransferEncoding(field.substr(2));
  }
  return framing;
}

int decide(std::initializer_list<std::string_view> fields, int minorVersion = 1) {
  return framingOf(fields).decide(minorVersion);
}

}  // namespace

TEST_CASE("no field: no body") {
  Framing framing;
  CHECK(framing.decide(1) == 0);
  CHECK(framing.kind() == BodyKind::none);
}

TEST_CASE("one Content-Length of digits is a length") {
  for (const int minorVersion : {0, 1}) {
    Framing framing = framingOf({"L:5"});
    CHECK(framing.decide(minorVersion) == 0);
    CHECK(framing.kind() == BodyKind::length);
    CHECK(framing.contentLength() == 5);
  }
  Framing zero = framingOf({"L:0"});
  CHECK(zero.decide(1) == 0);
  CHECK(zero.kind() == BodyKind::none);
  Framing largest = framingOf({"L:9223372036854775807"});
  CHECK(largest.decide(1) == 0);
  CHECK(largest.contentLength() == std::numeric_limits<std::int64_t>::max());
}

TEST_CASE("Content-Length that is refused") {
  for (const std::string_view value :
       {"L:", "L:+5", "L:-5", "L:-0", "L:0x5", "L:5_0", "L:1e3", "L:5,5", "L:5, 5", "L: 5", "L:5 ", "L:5a",
        "L:9223372036854775808", "L:18446744073709551615", "L:18446744073709551616"}) {
    CAPTURE(value);
    CHECK(decide({value}) == 400);
  }
  CHECK(decide({"L:5", "L:6"}) == 400);
  CHECK(decide({"L:5", "L:5"}) == 400);
  CHECK(decide({"L:0", "L:0"}) == 400);
}

TEST_CASE("Transfer-Encoding: chunked alone, once, last, and not on HTTP/1.0") {
  for (const std::string_view value : {"T:chunked", "T:Chunked", "T: chunked\t"}) {
    CAPTURE(value);
    Framing framing = framingOf({value});
    CHECK(framing.decide(1) == 0);
    CHECK(framing.kind() == BodyKind::chunked);
    CHECK(decide({value}, 0) == 400);
  }
  for (const std::string_view value :
       {"T:", "T:,", "T:gzip", "T:identity", "T:chunked,gzip", "T:chunked, chunked", "T:chunked;q=1",
        "T:\"chunked\"", "T:xchunked", "T:chunkedx", "T:chunked chunked", "T:gzip,chunked,chunked"}) {
    CAPTURE(value);
    CHECK(decide({value}) == 400);
  }
  CHECK(decide({"T:chunked", "T:chunked"}) == 400);
  CHECK(decide({"T:chunked", "T:gzip"}) == 400);
}

TEST_CASE("an empty element among the codings: 400") {
  for (const std::string_view value :
       {"T:,chunked", "T:chunked,", "T: , chunked", "T:chunked\t,\t", "T:,,chunked", "T:gzip,,chunked"}) {
    CAPTURE(value);
    CHECK(decide({value}) == 400);
  }
  CHECK(decide({"T:", "T:chunked"}) == 400);
  CHECK(decide({"T:chunked", "T:"}) == 400);
}

TEST_CASE("an unknown coding before chunked: 501") {
  CHECK(decide({"T:gzip, chunked"}) == 501);
  CHECK(decide({"T:xyz", "T:chunked"}) == 501);
  CHECK(decide({"T:gzip, chunked"}, 0) == 400);
}

TEST_CASE("both fields, in either order, with any coding: 400") {
  for (const std::string_view coding : {"T:chunked", "T:gzip", "T:gzip, chunked", "T:identity", "T:"}) {
    CAPTURE(coding);
    CHECK(decide({"L:5", coding}) == 400);
    CHECK(decide({coding, "L:5"}) == 400);
    CHECK(decide({coding, "L:0"}) == 400);
    CHECK(decide({coding, "L:x"}) == 400);
  }
}
