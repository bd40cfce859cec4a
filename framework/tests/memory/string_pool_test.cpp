#include "h3http/string_pool.hpp"

#include <doctest/doctest.h>

#include <string>

#include "allocation_counter.hpp"

using h3::SeededHash;
using h3::StringPool;
using h3::test::AllocationCounter;

TEST_CASE("equal strings share one view that outlives the argument") {
  StringPool pool;
  std::string text = "content-type";
  const auto first = pool.intern(text);
  text.assign(text.size(), 'x');
  const auto second = pool.intern("content-type");
  REQUIRE(first);
  REQUIRE(second);
  CHECK(*first == "content-type");
  CHECK(first->data() == second->data());
  CHECK(pool.stats().hits == 1);
  CHECK(pool.stats().misses == 1);
}

TEST_CASE("both sides of the entry limit; known strings are still found when full") {
  StringPool pool({.maxEntries = 3, .maxBytes = 100});
  CHECK(pool.intern("a"));
  CHECK(pool.intern("b"));
  CHECK(pool.intern("c"));
  CHECK_FALSE(pool.intern("d"));
  CHECK(pool.intern("b"));
  CHECK(pool.stats().rejected == 1);
  CHECK(pool.stats().entries == 3);
  CHECK(pool.stats().hitRatio() == 1.0 / 5);
}

TEST_CASE("both sides of the byte limit") {
  StringPool pool({.maxEntries = 100, .maxBytes = 10});
  CHECK(pool.intern("123456"));
  CHECK_FALSE(pool.intern("12345"));
  CHECK(pool.intern("1234"));
  CHECK_FALSE(pool.intern("1"));
  CHECK(pool.intern(""));  // Needs no bytes.
  CHECK(pool.stats().bytes == 10);
}

TEST_CASE("nothing fits into nothing") {
  StringPool pool({.maxEntries = 0, .maxBytes = 0});
  CHECK_FALSE(pool.intern(""));
  CHECK_FALSE(pool.intern("a"));
  CHECK(pool.stats().rejected == 2);
}

TEST_CASE("many strings: each found again, with its own bytes, without allocating") {
  StringPool pool({.maxEntries = 2000, .maxBytes = 64 * 1024}, SeededHash(3));
  std::string text;
  text.reserve(64);
  AllocationCounter use;
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 2000; ++i) {
      text = "key-";
      text += std::to_string(i);
      const auto view = pool.intern(text);
      REQUIRE(view);
      CHECK(*view == text);
    }
  }
  CHECK(use.count() == 0);
  CHECK(pool.stats().hits == 2000);
  CHECK(pool.stats().entries == 2000);
}

TEST_CASE("strings with any byte") {
  StringPool pool;
  const std::string zeros("\0\0", 2);
  CHECK(*pool.intern(zeros) == zeros);
  CHECK(pool.intern(std::string_view(zeros).substr(1))->size() == 1);
  CHECK(pool.stats().entries == 2);
}
