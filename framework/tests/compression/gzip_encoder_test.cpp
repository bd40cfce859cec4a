#include "compression/gzip_encoder.hpp"

#include <doctest/doctest.h>

#include <string>

#include "reference_codings.hpp"

using h3::compression::GzipEncoder;
using namespace h3::test;

TEST_CASE("one context compresses one body after the other, at any level") {
  GzipEncoder encoder;
  std::string out(1'000'000, '\0');
  std::size_t smallest = out.size();
  for (const int level : {6, 1, 9, 6, 2}) {
    for (const std::string& text : {std::string(), std::string("x"), someJson(20), someJson(10'000)}) {
      CAPTURE(level);
      const std::size_t bytes = encoder.encode(text, out, level);
      REQUIRE(bytes != 0);
      CHECK(gunzip(std::string_view(out).substr(0, bytes)) == text);
      smallest = bytes;
    }
  }
  CHECK(smallest < someJson(10'000).size() / 3);
}

TEST_CASE("a body that does not fit is refused, and the next one is right") {
  GzipEncoder encoder;
  const std::string text = someJson(10'000);
  std::string out(1'000'000, '\0');
  const std::size_t bytes = encoder.encode(text, out, 6);
  CHECK(encoder.encode(text, std::span(out).first(bytes - 1), 6) == 0);
  CHECK(encoder.encode(text, std::span(out).first(bytes), 6) == bytes);
  CHECK(encoder.encode(text, std::span(out).first(10), 1) == 0);
  const std::size_t small = encoder.encode("ab", out, 1);
  CHECK(gunzip(std::string_view(out).substr(0, small)) == "ab");
}
