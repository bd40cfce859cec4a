#include "http/base64.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <string_view>

using h3::Base64;

namespace {

std::optional<std::string> decoded(Base64 alphabet, std::string_view text) {
  h3::Arena arena;
  const auto bytes = h3::decodeBase64(alphabet, text, arena);
  return bytes ? std::optional<std::string>(*bytes) : std::nullopt;
}

std::string encoded(std::string_view bytes) {
  h3::Arena arena;
  return std::string(h3::encodeBase64Url(bytes, arena));
}

}  // namespace

TEST_CASE("the vectors of RFC 4648 10") {
  const struct {
    std::string_view bytes, standard, url;
  } rows[] = {{"", "", ""},
              {"f", "Zg==", "Zg"},
              {"fo", "Zm8=", "Zm8"},
              {"foo", "Zm9v", "Zm9v"},
              {"foob", "Zm9vYg==", "Zm9vYg"},
              {"fooba", "Zm9vYmE=", "Zm9vYmE"},
              {"foobar", "Zm9vYmFy", "Zm9vYmFy"},
              {"\xfb\xff\xbf", "+/+/", "-_-_"}};
  for (const auto& row : rows) {
    CAPTURE(std::string(row.bytes));
    CHECK(encoded(row.bytes) == row.url);
    CHECK(decoded(Base64::url, row.url) == std::string(row.bytes));
    CHECK(decoded(Base64::standard, row.standard) == std::string(row.bytes));
  }
}

TEST_CASE("only one text decodes to given bytes") {
  for (const std::string_view text : {"Z", "Zg=", "Zg==", "Zh", "Zm9=", "Zm9", "Zm8=", "Zm9v ", " Zm9v",
                                      "Zm\n9v", "Zm+/", "Zm9v====", "=", "Zm9vY", "Zm\0v", "Z\xffmv"}) {
    CAPTURE(std::string(text));
    CHECK_FALSE(decoded(Base64::url, text).has_value());
  }
  for (const std::string_view text :
       {"Z", "Zg", "Zg=", "Zh==", "Zm9=", "Zm8", "Zm-_", "====", "Z===", "Zg==Zg==", "Zm9v=", "Z=9v"}) {
    CAPTURE(std::string(text));
    CHECK_FALSE(decoded(Base64::standard, text).has_value());
  }
}

TEST_CASE("every length and every byte survive a round trip") {
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    CHECK(encoded(bytes).size() == h3::base64UrlBytes(bytes.size()));
    CHECK(decoded(Base64::url, encoded(bytes)) == bytes);
    bytes.push_back(static_cast<char>(i * 7));
  }
}
