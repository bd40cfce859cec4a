#include "protocol/trailers.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>

using h3::protocol::findTrailer;

TEST_CASE("a trailer is found by its name, in any case, without blanks around it") {
  const std::string text = "X-Sum: abc\r\nEmpty:\r\nx-sum: second\r\nBlank:\t v w \r\n\r\n";
  CHECK(findTrailer(text, "x-SUM") == "abc");
  CHECK(findTrailer(text, "empty") == "");
  CHECK(findTrailer(text, "Blank") == "v w");
  CHECK(findTrailer(text, "X-Su") == std::nullopt);
  CHECK(findTrailer(text, "abc") == std::nullopt);
  CHECK(findTrailer(text, "") == std::nullopt);
  CHECK(findTrailer("", "X-Sum") == std::nullopt);
  CHECK(findTrailer("\r\n", "X-Sum") == std::nullopt);
}

TEST_CASE("what decides about a message is never a trailer") {
  for (const std::string name :
       {"Content-Length", "transfer-encoding", "HOST", "Authorization", "Cookie", "Content-Encoding",
        "Content-Type", "If-Match", "Expect", "Range", "Cache-Control", "Trailer", "Connection"}) {
    CAPTURE(name);
    CHECK(findTrailer(name + ": 1\r\n\r\n", name) == std::nullopt);
  }
}
