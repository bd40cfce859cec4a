#include "http/host.hpp"

#include <doctest/doctest.h>

#include <string>

using h3::isValidHost;

TEST_CASE("hosts") {
  struct Row {
    std::string host;
    bool valid;
  };
  const Row rows[] = {
      {"a", true},
      {"a.example", true},
      {"a.example.", true},
      {"a.example:80", true},
      {"a.example:", true},
      {"a.example:0", true},
      {"a.example:65535", true},
      {"a.example:65536", false},
      {"a.example:100000000000000000000", false},
      {"a.example:8o", false},
      {"a.example:80:80", false},
      {"a.example:+80", false},
      {"a.example:-1", false},
      {"xn--bcher-kva.example", true},
      {"under_score", true},
      {"%41.example", true},
      {"%4.example", false},
      {"%", false},
      {"127.0.0.1", true},
      {"127.0.0.1:8080", true},
      {"", false},
      {":80", false},
      {":", false},
      {"user@a.example", false},
      {"a.example/", false},
      {"a b", false},
      {"a\tb", false},
      {"a.example ", false},
      {"a\\b", false},
      {"a,b", true},  // sub-delims belong to a registered name.
      {"b\xC3\xBC"
       "cher.example",
       false},
      {std::string("a\0b", 3), false},
      {"[::]", true},
      {"[::1]", true},
      {"[::1]:80", true},
      {"[::1]80", false},
      {"[::1", false},
      {"::1", false},
      {"[]", false},
      {"[1]", false},
      {"[:]", false},
      {"[1::]", true},
      {"[1:2:3:4:5:6:7:8]", true},
      {"[1:2:3:4:5:6:7]", false},
      {"[1:2:3:4:5:6:7:8:9]", false},
      {"[1:2:3:4:5:6:7::]", true},
      {"[1:2:3:4:5:6:7:8::]", false},
      {"[::2:3:4:5:6:7:8]", true},
      {"[1::3:4:5:6:7:8]", true},
      {"[1::2::3]", false},
      {"[:1:2]", false},
      {"[1:2:]", false},
      {"[:::]", false},
      {"[12345::]", false},
      {"[g::]", false},
      {"[::ffff:192.0.2.1]", true},
      {"[::ffff:192.0.2.256]", false},
      {"[::ffff:192.0.2]", false},
      {"[::192.0.2.1:1]", false},
      {"[1:2:3:4:5:6:192.0.2.1]", true},
      {"[1:2:3:4:5:6:7:192.0.2.1]", false},
      {"[::ffff:192.0.02.1]", false},
      {"[fe80::1%25eth0]", false},
      {"[v1.x]", false},
      {std::string(255, 'a'), true},
      {std::string(256, 'a'), false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.host);
    CHECK(isValidHost(row.host) == row.valid);
  }
}
