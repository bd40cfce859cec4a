#include "comparison/start_order.hpp"

#include <random>
#include <utility>

namespace leakgate {

std::vector<RoundOrder> startOrders(unsigned rounds, std::uint64_t seed) {
  constexpr auto a = CompareSide::a;
  constexpr auto b = CompareSide::b;
  const std::array<RoundOrder, 6> all{
      {{a, a, b, b}, {a, b, a, b}, {a, b, b, a}, {b, a, a, b}, {b, a, b, a}, {b, b, a, a}}};
  std::mt19937_64 random(seed);
  std::vector<RoundOrder> orders;
  while (orders.size() < rounds) {
    auto shuffled = all;
    // Not std::shuffle: it differs between standard libraries.
    for (std::size_t k = shuffled.size() - 1; k > 0; --k)
      std::swap(shuffled[k], shuffled[random() % (k + 1)]);
    for (const RoundOrder& order : shuffled)
      if (orders.size() < rounds) orders.push_back(order);
  }
  return orders;
}

std::vector<RoundPaddings> startPaddings(unsigned rounds, std::uint64_t seed) {
  std::mt19937_64 random(~seed);  // not the numbers that decide the order
  std::vector<RoundPaddings> paddings(rounds);
  for (RoundPaddings& round : paddings)
    for (std::size_t& bytes : round) bytes = random() % (kMaxPaddingBytes + 1);
  return paddings;
}

}  // namespace leakgate
