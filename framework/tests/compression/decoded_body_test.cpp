#include "compression/decoded_body.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using h3::BufferPool;
using h3::compression::DecodedBody;

namespace {

void append(DecodedBody& body, const std::string& text) {
  std::string_view rest = text;
  while (!rest.empty()) {
    const auto room = body.room();
    REQUIRE(!room.empty());
    const std::size_t bytes = rest.copy(room.data(), room.size());
    body.commit(bytes);
    rest.remove_prefix(bytes);
  }
}

}  // namespace

TEST_CASE("the buffer grows, keeps what it has, and goes back to its pool") {
  BufferPool pool;
  const std::string text = std::string(5000, 'a') + std::string(30'000, 'b');
  {
    DecodedBody body(pool, 100'000, 10);
    append(body, text);
    CHECK(body.bytes() == text.size());
    CHECK_FALSE(body.isTooLarge());
    CHECK(pool.stats().inUse == 1);
    body.putBehind("trailers");
    const h3::Buffer buffer = body.take();
    CHECK((std::string_view(buffer.data, text.size()) == text));
    CHECK(std::string_view(buffer.data + text.size(), 8) == "trailers");
    pool.release(buffer);
  }
  CHECK(pool.stats().inUse == 0);
}

TEST_CASE("one byte beyond the limit is too large, and what is behind does not count") {
  BufferPool pool;
  for (const std::size_t limit :
       {std::size_t{0}, std::size_t{4095}, std::size_t{4096}, std::size_t{10'000}}) {
    CAPTURE(limit);
    DecodedBody body(pool, limit, 1'000'000);
    append(body, std::string(limit, 'x'));
    CHECK_FALSE(body.isTooLarge());
    CHECK(body.room().size() == 1);
    append(body, "y");
    CHECK(body.isTooLarge());
    DecodedBody full(pool, limit, 0);
    append(full, std::string(limit, 'x'));
    full.putBehind(std::string(9000, 't'));
    CHECK(full.bytes() == limit);
  }
  CHECK(pool.stats().inUse == 0);
}
