#include "compression/media_types.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

using h3::compression::MediaTypes;

TEST_CASE("types, kinds and suffixes, in any case and with parameters") {
  const MediaTypes types({"application/json", "text/*", "+xml"});
  for (const char* const type : {"application/json", "Application/JSON ; charset=utf-8", "text/html",
                                 "TEXT/plain; charset=utf-8", "image/svg+xml", "application/atom+XML; a=b"})
    CHECK_MESSAGE(types.contains(type), type);
  for (const char* const type :
       {"", ";", "application/jsonp", "application/xml", "image/png", "textual/x", "text", "+xml"})
    CHECK_MESSAGE(!types.contains(type), type);
}

TEST_CASE("what is no media type is refused by name") {
  for (const char* const wrong : {"", "text", "text/", "/html", "text/html; charset=utf-8", "a b/c", "+"}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(MediaTypes({wrong}), std::invalid_argument);
  }
}
