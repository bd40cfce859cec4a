#include "serve/address.hpp"

#include <doctest/doctest.h>

#include "report/uri_text.hpp"

using namespace leakgate;

TEST_CASE("an address holds any name") {
  CHECK(encodedForUri("azAZ09-._~") == "azAZ09-._~");
  CHECK(encodedForUri("a b/c?d&e=f%#\"<\x01\xc3\xa4") == "a%20b%2Fc%3Fd%26e%3Df%25%23%22%3C%01%C3%A4");
  CHECK(trendAddress("log in") == "/trend?scenario=log%20in");
  CHECK(trendAddress("a&series=b", "step.x") == "/trend?scenario=a%26series%3Db&series=step.x");
  CHECK(diffAddress("0a", "0b") == "/diff?before=0a&after=0b");
}
