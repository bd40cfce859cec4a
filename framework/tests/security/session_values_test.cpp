#include "security/session_values.hpp"

#include <doctest/doctest.h>

#include <random>
#include <stdexcept>
#include <string>

using h3::security::SessionValues;

TEST_CASE("values are set, replaced and erased") {
  h3::Arena arena;
  SessionValues values;
  CHECK(values.empty());
  values.set(arena, "user", "7", 100);
  values.set(arena, "role", "guest", 100);
  values.set(arena, "user", "a longer value than before, and longer than the first capacity", 100);
  CHECK(values.find("user") == "a longer value than before, and longer than the first capacity");
  CHECK(values.find("role") == "guest");
  CHECK(values.find("rol") == std::nullopt);
  CHECK(values.erase("user"));
  CHECK_FALSE(values.erase("user"));
  CHECK(values.find("user") == std::nullopt);
  CHECK(values.find("role") == "guest");
}

TEST_CASE("a record gives back what was set") {
  h3::Arena arena;
  SessionValues values;
  for (int i = 0; i < 64; ++i)
    values.set(arena, "name" + std::to_string(i), std::string(static_cast<std::size_t>(i), 'v'), 10'000);
  values.set(arena, "name7", std::string("\0\xff", 2), 10'000);
  const std::string record(values.record(1'800'000'000, arena));
  CHECK(record.size() <= SessionValues::maxRecordBytes(10'000));
  SessionValues read;
  const std::string_view copy = arena.copy(record);
  CHECK(read.read(copy, arena) == 1'800'000'000);
  for (int i = 0; i < 64; ++i)
    CHECK(read.find("name" + std::to_string(i)) == values.find("name" + std::to_string(i)));
  read.set(arena, "name9", "changed", 10'000);
  read.set(arena, "name8", "longer than it was", 10'000);
  CHECK(read.find("name9") == "changed");
  CHECK(read.find("name10") == "vvvvvvvvvv");
  CHECK(SessionValues().read(SessionValues().record(5, arena), arena) == 5);
}

TEST_CASE("bounds, on both sides") {
  h3::Arena arena;
  SessionValues values;
  values.set(arena, "a", std::string(99, 'v'), 100);
  CHECK_THROWS_AS(values.set(arena, "a", std::string(100, 'v'), 100), std::length_error);
  CHECK_THROWS_AS(values.set(arena, "b", "", 100), std::length_error);
  CHECK(values.find("a") == std::string(99, 'v'));
  values.set(arena, "a", "", 100);
  values.set(arena, "b", std::string(98, 'v'), 100);
  CHECK_THROWS_AS(values.set(arena, "", "x", 100), std::length_error);
  CHECK_THROWS_AS(values.set(arena, std::string(257, 'n'), "x", 10'000), std::length_error);
  CHECK_NOTHROW(values.set(arena, std::string(256, 'n'), "x", 10'000));
  SessionValues many;
  for (int i = 0; i < 64; ++i) many.set(arena, std::to_string(i), "", 10'000);
  CHECK_THROWS_AS(many.set(arena, "64", "", 10'000), std::length_error);
}

TEST_CASE("one name that is set a million times takes little memory") {
  h3::Arena arena;
  SessionValues values;
  for (int i = 0; i < 1'000'000; ++i)
    values.set(arena, "n", std::string_view("0123456789").substr(0, static_cast<std::size_t>(i % 10)), 100);
  CHECK(arena.usedBytes() < 1'000);
}

// A store may give back anything: what another version wrote, or a neighbour in the same Redis.
TEST_CASE("cut and changed records are refused or read, never beyond their end") {
  h3::Arena arena;
  SessionValues values;
  values.set(arena, "user", "seven", 100);
  values.set(arena, "role", "guest", 100);
  const std::string record(values.record(5, arena));
  SessionValues read;
  CHECK(read.read("", arena) == std::nullopt);
  CHECK(read.read("\x02" + record.substr(1), arena) == std::nullopt);
  for (std::size_t length = 0; length < record.size(); ++length) {
    const std::string cut = record.substr(0, length);
    if (read.read(cut, arena)) CHECK((length == 9 || read.find("user") == "seven"));
  }
  constexpr unsigned kSeed = 11;
  CAPTURE(kSeed);
  std::mt19937 random(kSeed);
  for (int i = 0; i < 20'000; ++i) {
    arena.reset();
    const std::string_view changed = arena.copy(record);
    for (int flips = 0; flips < 3; ++flips)
      const_cast<char&>(changed[random() % changed.size()]) = static_cast<char>(random());
    if (read.read(changed, arena)) (void)read.record(5, arena);
  }
}
