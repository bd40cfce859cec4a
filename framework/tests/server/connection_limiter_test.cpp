#include "server/connection_limiter.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>
#include <string>

using h3::server::ConnectionLimiter;

TEST_CASE("the total is capped") {
  ConnectionLimiter limiter(2, 2);
  CHECK(limiter.acquire("a"));
  CHECK(limiter.acquire("b"));
  CHECK(!limiter.acquire("c"));
  limiter.release("a");
  CHECK(limiter.acquire("c"));
  CHECK(limiter.open() == 2);
}

TEST_CASE("each address is capped on its own, and a refusal takes nothing") {
  ConnectionLimiter limiter(10, 2);
  CHECK(limiter.acquire("a"));
  CHECK(limiter.acquire("a"));
  CHECK(!limiter.acquire("a"));
  CHECK(limiter.open() == 2);
  CHECK(limiter.acquire("b"));
  limiter.release("a");
  CHECK(limiter.acquire("a"));
  CHECK(!limiter.acquire("a"));
}

TEST_CASE("it counts as a map would, over a long random life") {
  constexpr std::size_t kConnections = 50;
  constexpr std::size_t kPerAddress = 3;
  const std::uint64_t seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  ConnectionLimiter limiter(kConnections, kPerAddress);
  std::map<std::string, std::size_t> model;
  std::size_t open = 0;
  for (int i = 0; i < 100'000; ++i) {
    const std::string address = "10.0.0." + std::to_string(random() % 40);
    std::size_t& count = model[address];
    if (random() % 2 == 0) {
      const bool expected = open < kConnections && count < kPerAddress;
      REQUIRE(limiter.acquire(address) == expected);
      count += expected;
      open += expected;
    } else if (count != 0) {
      limiter.release(address);
      --count;
      --open;
    }
    REQUIRE(limiter.open() == open);
  }
}
