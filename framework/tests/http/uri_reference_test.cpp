#include "http/uri_reference.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

#include "h3http/arena.hpp"

using h3::Arena;
using h3::encodeLink;
using h3::encodeUri;

TEST_CASE("what a URI cannot hold is encoded, everything else stays") {
  const struct {
    const char* uri;
    const char* encoded;
  } rows[] = {
      {"", ""},
      {"/", "/"},
      {"https://u@a.example:8080/p/;x,y?a=b&c=d#e", "https://u@a.example:8080/p/;x,y?a=b&c=d#e"},
      {"http://[::1]/!$'()*+~", "http://[::1]/!$'()*+~"},
      {"/a b", "/a%20b"},
      {"/\xC3\xBC", "/%C3%BC"},
      {"/\xFF", "/%FF"},
      {"\"<>\\^`{|}", "%22%3C%3E%5C%5E%60%7B%7C%7D"},
      {"/%41%2f%C3", "/%41%2f%C3"},
      {"/100%", "/100%25"},
      {"/%4", "/%254"},
      {"/%zz", "/%25zz"},
      {"/%%41", "/%25%41"},
      {"\t\x7F", "%09%7F"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.uri);
    Arena arena;
    CHECK(encodeUri(row.uri, arena) == row.encoded);
  }
}

TEST_CASE("every byte: encoded, or one that RFC 3986 lists") {
  Arena arena;
  const std::string allowed =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=";
  for (int byte = 0; byte < 256; ++byte) {
    CAPTURE(byte);
    const std::string one(1, static_cast<char>(byte));
    const std::string encoded(encodeUri(one, arena));
    if (allowed.find(one) != std::string::npos) {
      CHECK(encoded == one);
    } else {
      CHECK(encoded.size() == 3);
      CHECK(std::stoi(encoded.substr(1), nullptr, 16) == byte);
    }
  }
}

TEST_CASE("a URI that needs no encoding is not copied") {
  Arena arena;
  const std::string uri = "/a/b?c";
  CHECK(encodeUri(uri, arena).data() == uri.data());
  const std::string link = "</a>; rel=\"next\"";
  CHECK(encodeLink(link, arena).data() == link.data());
}

TEST_CASE("Link: its targets are encoded, its parameters stay") {
  const struct {
    const char* value;
    const char* encoded;
  } rows[] = {
      {"</a b>; rel=\"next page\"", "</a%20b>; rel=\"next page\""},
      {"</a b>;t=\"<x y>\", </c d>", "</a%20b>;t=\"<x y>\", </c%20d>"},
      {"</a>; t=\"q\\\"< z\"; r=n, </b b>", "</a>; t=\"q\\\"< z\"; r=n, </b%20b>"},
      {"<>; rel=x", "<>; rel=x"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.value);
    Arena arena;
    CHECK(encodeLink(row.value, arena) == row.encoded);
  }
  Arena arena;
  for (const char* value : {"", "/a", "</a", "</a>, <", " </a>"}) {
    CAPTURE(value);
    CHECK_THROWS_AS((void)encodeLink(value, arena), std::invalid_argument);
  }
}
