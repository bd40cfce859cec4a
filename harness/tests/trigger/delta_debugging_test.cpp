#include "trigger/delta_debugging.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <vector>

using namespace leakgate;

namespace {

std::vector<int> upTo(int n) {
  std::vector<int> numbers(static_cast<std::size_t>(n));
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

bool holds(const std::vector<int>& part, int wanted) {
  return std::find(part.begin(), part.end(), wanted) != part.end();
}

}  // namespace

TEST_CASE("ddmin leaves what cannot be taken, and nothing else") {
  for (int wanted = 0; wanted < 8; ++wanted) {
    CHECK(ddmin(upTo(8), [&](const auto& part) { return holds(part, wanted); }) == std::vector<int>{wanted});
  }
  CHECK(ddmin(upTo(37), [](const auto& p) { return holds(p, 3) && holds(p, 36); }) ==
        std::vector<int>{3, 36});
  CHECK(ddmin(upTo(9), [](const auto& p) { return p.size() >= 5; }).size() == 5);
  CHECK(ddmin(upTo(5), [](const auto&) { return true; }).empty());
  CHECK(ddmin(upTo(5), [](const auto& p) { return p.size() == 5; }) == upTo(5));
  CHECK(ddmin(std::vector<int>{}, [](const auto&) { return false; }).empty());
  CHECK(ddmin(upTo(1), [](const auto& p) { return !p.empty(); }) == upTo(1));
}

TEST_CASE("ddmin asks few questions when one element is enough") {
  unsigned asked = 0;
  ddmin(upTo(1024), [&](const auto& part) {
    ++asked;
    return holds(part, 700);
  });
  CHECK(asked <= 1 + 2 * 10);
}
