#include "memory/lru_table.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <list>
#include <random>

#include "allocation_counter.hpp"

using Table = h3::LruTable<2, int>;

namespace {

Table::Key keyOf(std::uint64_t number) { return {number * 0x9E3779B97F4A7C15, number}; }

}  // namespace

TEST_CASE("the least recently used entry is the oldest") {
  Table table(3);
  CHECK(table.oldest() == nullptr);
  CHECK(table.find(keyOf(1)) == nullptr);
  for (int i = 1; i <= 3; ++i) table.insert(keyOf(static_cast<std::uint64_t>(i))).value = i;
  CHECK(table.full());
  CHECK(table.oldest()->value == 1);
  CHECK(table.find(keyOf(1))->value == 1);
  CHECK(table.oldest()->value == 2);
  table.erase(*table.oldest());
  CHECK(table.find(keyOf(2)) == nullptr);
  CHECK(table.insert(keyOf(4)).value == 0);
  CHECK(table.oldest()->value == 3);
  for (int i = 0; i < 3; ++i) table.erase(*table.oldest());
  CHECK(table.oldest() == nullptr);
  CHECK(table.size() == 0);
}

TEST_CASE("keys that share a chain are kept apart") {
  Table table(4);
  for (std::uint64_t i = 0; i < 4; ++i) table.insert({7, i}).value = static_cast<int>(i);
  table.erase(*table.find({7, 2}));
  CHECK(table.find({7, 2}) == nullptr);
  CHECK(table.find({7, 0})->value == 0);
  CHECK(table.find({7, 1})->value == 1);
  CHECK(table.find({7, 3})->value == 3);
}

TEST_CASE("like a list that is searched, and without an allocation after the constructor") {
  constexpr unsigned kSeed = 7;
  std::mt19937 random(kSeed);
  CAPTURE(kSeed);
  Table table(50);
  std::list<std::uint64_t> model;  // oldest first
  std::size_t allocated = 0;
  for (int step = 0; step < 20'000; ++step) {
    const std::uint64_t number = random() % 100;
    const bool erases = random() % 4 == 0;
    const auto known = std::find(model.begin(), model.end(), number);
    const h3::test::AllocationCounter counter;
    Table::Entry* entry = table.find(keyOf(number));
    REQUIRE((entry != nullptr) == (known != model.end()));
    if (entry != nullptr && erases) {
      table.erase(*entry);
    } else if (entry == nullptr) {
      if (table.full()) table.erase(*table.oldest());
      table.insert(keyOf(number)).value = static_cast<int>(number);
    }
    allocated += counter.count();
    const bool wasKnown = known != model.end();
    if (wasKnown) model.erase(known);
    if (!wasKnown || !erases) model.push_back(number);
    if (model.size() > 50) model.pop_front();
    REQUIRE(table.size() == model.size());
    if (!model.empty()) REQUIRE(table.oldest()->value == static_cast<int>(model.front()));
  }
  CHECK(allocated == 0);
}
