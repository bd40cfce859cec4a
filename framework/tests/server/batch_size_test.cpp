#include "server/batch_size.hpp"

#include <doctest/doctest.h>

using h3::server::BatchSize;

TEST_CASE("slow responses make batches small immediately, quick ones make them large again") {
  BatchSize size;
  CHECK(size.now() == BatchSize::kMaxConnections);
  size.record(32, 320'000);
  CHECK(size.now() == 32);
  size.record(32, 160'000'000);  // 5 ms each
  CHECK(size.now() == 1);
  size.record(1, 5'000'000);
  CHECK(size.now() == 1);
  size.record(1, 1'000'000);  // neither: a larger batch might take too long
  CHECK(size.now() == 1);
  for (const std::size_t expected : {2, 4, 8, 16, 32, 32}) {
    size.record(size.now(), 100'000);
    CHECK(size.now() == expected);
  }
  size.record(32, 4'000'000);
  CHECK(size.now() == 16);
}

TEST_CASE("a batch of few that was held up does not make the next ones larger") {
  BatchSize size;
  size.record(3, 2'000'001);
  CHECK(size.now() == 2);
}
