#include <doctest/doctest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>

#include "../memory/allocation_counter.hpp"
#include "h3http/rate_limit.hpp"

using h3::MemoryRateLimitStore;
using h3::RateLimitRule;

namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr std::uint64_t kStart = 1'000 * kSecond;

}  // namespace

TEST_CASE("a bucket holds its requests, and fills up again one by one") {
  MemoryRateLimitStore store;
  const RateLimitRule rule{4, 60};
  for (std::uint32_t left = 3; left != UINT32_MAX; --left) {
    const h3::RateLimitResult result = store.take("a", rule, kStart);
    CHECK(result.allowed);
    CHECK(result.remaining == left);
    CHECK(result.resetSeconds == (4 - left) * 15);
    CHECK(result.retryAfterSeconds == 0);
  }
  const h3::RateLimitResult refused = store.take("a", rule, kStart);
  CHECK_FALSE(refused.allowed);
  CHECK(refused.remaining == 0);
  CHECK(refused.resetSeconds == 60);
  CHECK(refused.retryAfterSeconds == 15);
  CHECK(store.take("b", rule, kStart).remaining == 3);
  // A refused request takes nothing; a token comes back each 15 s.
  CHECK_FALSE(store.take("a", rule, kStart + 15 * kSecond - 1).allowed);
  CHECK(store.take("a", rule, kStart + 15 * kSecond - 1).retryAfterSeconds == 1);
  CHECK(store.take("a", rule, kStart + 15 * kSecond).allowed);
  CHECK_FALSE(store.take("a", rule, kStart + 15 * kSecond).allowed);
  CHECK(store.take("a", rule, kStart + 1'000 * kSecond).remaining == 3);
}

TEST_CASE("a steady client at the rate is never refused, one slightly above is") {
  MemoryRateLimitStore store;
  const RateLimitRule rule{10, 10};
  for (std::uint64_t i = 0; i < 1'000; ++i) REQUIRE(store.take("steady", rule, kStart + i * kSecond).allowed);
  int refused = 0;
  for (std::uint64_t i = 0; i < 1'100; ++i)
    refused += store.take("fast", rule, kStart + i * kSecond * 10 / 11).allowed ? 0 : 1;
  CHECK(refused >= 88);
  CHECK(refused <= 92);
}

TEST_CASE("rates that do not divide, and a clock behind another worker's") {
  MemoryRateLimitStore store;
  const RateLimitRule odd{7, 1};
  int allowed = 0;
  for (std::uint64_t i = 0; i < 10'000; ++i)
    allowed += store.take("a", odd, kStart + i * kSecond / 1'000).allowed ? 1 : 0;
  CHECK(allowed >= 76);
  CHECK(allowed <= 77);
  const RateLimitRule one{1, 60};
  CHECK(store.take("b", one, kStart + 5).allowed);
  CHECK_FALSE(store.take("b", one, kStart).allowed);
  CHECK(store.take("b", one, kStart).retryAfterSeconds <= 60);
}

TEST_CASE("a hundred times more keys than places: the bound holds, and a key in use stays limited") {
  MemoryRateLimitStore store(160);
  const RateLimitRule rule{2, 60};
  CHECK(store.take("attacker", rule, kStart).allowed);
  CHECK(store.take("attacker", rule, kStart).allowed);
  for (int i = 0; i < 16'000; ++i) {
    REQUIRE(store.take("key" + std::to_string(i), rule, kStart).allowed);
    REQUIRE_FALSE(store.take("attacker", rule, kStart).allowed);
  }
  CHECK(store.size() == 160);
  CHECK(store.take("key0", rule, kStart).remaining == 1);  // it had made way
}

TEST_CASE("taking a token allocates nothing") {
  MemoryRateLimitStore store(160);
  std::string key = "client 0";
  const h3::test::AllocationCounter counter;
  for (int i = 0; i < 1'000; ++i) {
    key.back() = static_cast<char>('0' + i % 70);
    (void)store.take(key, {5, 60}, kStart);
  }
  CHECK(counter.count() == 0);
}

TEST_CASE("threads share a bucket") {
  MemoryRateLimitStore store;
  std::atomic<int> allowed{0};
  const auto work = [&] {
    for (int i = 0; i < 1'000; ++i) allowed += store.take("one", {500, 86'400}, kStart).allowed ? 1 : 0;
  };
  std::thread other(work);
  work();
  other.join();
  CHECK(allowed == 500);
}

TEST_CASE("bounds of the store") {
  CHECK_THROWS_AS(MemoryRateLimitStore(15), std::invalid_argument);
  CHECK_NOTHROW(MemoryRateLimitStore(16));
}
