#include "comparison/start_order.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace leakgate;

TEST_CASE("start orders: two of each side a round, every order once in six rounds, the same for a seed") {
  for (const std::uint64_t seed : {1ULL, 2ULL, 3ULL}) {
    const auto orders = startOrders(12, seed);
    REQUIRE(orders.size() == 12);
    for (const auto& order : orders) CHECK(std::count(order.begin(), order.end(), CompareSide::a) == 2);
    CHECK(std::set<RoundOrder>(orders.begin(), orders.begin() + 6).size() == 6);
    CHECK(std::set<RoundOrder>(orders.begin() + 6, orders.end()).size() == 6);
    CHECK(startOrders(12, seed) == orders);
  }
  CHECK(startOrders(12, 1) != startOrders(12, 2));
  CHECK(startOrders(0, 1).empty());
  CHECK(startOrders(7, 1).size() == 7);
}

TEST_CASE("start paddings: within the limit, of many sizes, the same for a seed") {
  const auto paddings = startPaddings(48, 1);
  REQUIRE(paddings.size() == 48);
  std::set<std::size_t> sizes;
  for (const RoundPaddings& round : paddings) sizes.insert(round.begin(), round.end());
  CHECK(*sizes.rbegin() <= kMaxPaddingBytes);
  CHECK(*sizes.rbegin() - *sizes.begin() > kMaxPaddingBytes / 2);
  CHECK(sizes.size() > 80);
  CHECK(startPaddings(48, 1) == paddings);
  CHECK(startPaddings(48, 2) != paddings);
}
