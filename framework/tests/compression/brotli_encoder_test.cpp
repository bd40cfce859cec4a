#include "compression/brotli_encoder.hpp"

#include <doctest/doctest.h>

#include <string>

#include "reference_codings.hpp"

using h3::compression::BlockCache;
using h3::compression::encodeBrotli;
using namespace h3::test;

TEST_CASE("bodies of all sizes, at each quality, from the memory of the last ones") {
  BlockCache memory;
  std::string out(2'000'000, '\0');
  for (int quality = 2; quality <= 9; ++quality) {
    for (const std::string& text : {std::string("x"), someJson(20), someJson(10'000), someJson(30'000)}) {
      CAPTURE(quality);
      const std::size_t bytes = encodeBrotli(text, out, quality, memory);
      REQUIRE(bytes != 0);
      CHECK(unbrotli(std::string_view(out).substr(0, bytes)) == text);
    }
  }
  CHECK(memory.keptBytes() > 0);
  CHECK(memory.keptBytes() <= BlockCache::kMaxKeptBytes);
}

TEST_CASE("a body that does not fit is refused, and the next one is right") {
  BlockCache memory;
  const std::string text = someJson(10'000);
  std::string out(1'000'000, '\0');
  const std::size_t bytes = encodeBrotli(text, out, 4, memory);
  CHECK(encodeBrotli(text, std::span(out).first(bytes - 1), 4, memory) == 0);
  CHECK(encodeBrotli(text, std::span(out).first(bytes), 4, memory) == bytes);
}
