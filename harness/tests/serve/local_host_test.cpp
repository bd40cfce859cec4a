#include "serve/local_host.hpp"

#include <doctest/doctest.h>

using namespace leakgate;

TEST_CASE("only names of this machine are served") {
  for (const char* host :
       {"localhost", "LocalHost:8757", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:65535", "localhost:"}) {
    CAPTURE(host);
    CHECK(isLocalHost(host));
  }
  for (const char* host :
       {"", "rebound.example", "rebound.example:8757", "localhost.example", "127.0.0.1.example:8757",
        "localhost:80@x", "localhost:80:80", "localhost:123456", "::1", "0.0.0.0", "user@localhost"}) {
    CAPTURE(host);
    CHECK_FALSE(isLocalHost(host));
  }
}
