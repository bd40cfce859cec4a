#include "h3http/detail/seeded_hash.hpp"

#include <doctest/doctest.h>

#include <array>
#include <bit>
#include <set>
#include <string>

using h3::SeededHash;

TEST_CASE("equal seeds agree, other seeds and salts do not") {
  CHECK(SeededHash(1)("path") == SeededHash(1)("path"));
  CHECK(SeededHash(1)("path") != SeededHash(2)("path"));
  CHECK(SeededHash(1)("path", 0) != SeededHash(1)("path", 1));
  CHECK(SeededHash()("path") != SeededHash()("path"));
}

TEST_CASE("every length, prefix and single bit gives its own hash") {
  const SeededHash hash(7);
  std::set<std::uint64_t> seen;
  std::size_t expected = 0;
  for (std::size_t length = 0; length <= 80; ++length) {
    std::string text(length, '\0');
    seen.insert(hash(text));
    ++expected;
    for (std::size_t bit = 0; bit < 8 * length; ++bit) {
      text[bit / 8] = static_cast<char>(1U << bit % 8);
      seen.insert(hash(text));
      text[bit / 8] = '\0';
      ++expected;
    }
  }
  CHECK(seen.size() == expected);
}

TEST_CASE("a flipped bit changes about half of the hash") {
  const SeededHash hash(7);
  const std::string text = "/articles/2015/05/17/leaks";
  int changed = 0;
  for (std::size_t bit = 0; bit < 8 * text.size(); ++bit) {
    std::string other = text;
    other[bit / 8] = static_cast<char>(other[bit / 8] ^ 1 << bit % 8);
    changed += std::popcount(hash(text) ^ hash(other));
  }
  const double average = changed / (8.0 * static_cast<double>(text.size()));
  CHECK(average > 30);
  CHECK(average < 34);
}

TEST_CASE("numbered paths spread over the low bits") {
  const SeededHash hash(7);
  std::array<int, 256> buckets{};
  for (int i = 0; i < 256 * 64; ++i) ++buckets[hash("/users/" + std::to_string(i)) & 255];
  for (const int count : buckets) {
    CHECK(count > 20);  // 64 expected, standard deviation 8.
    CHECK(count < 120);
  }
}

TEST_CASE("the two words distinguish texts of one length") {
  std::set<std::pair<std::uint64_t, std::uint64_t>> seen;
  for (std::size_t length = 1; length <= 16; ++length) {
    seen.clear();
    for (std::size_t i = 0; i < length; ++i) {
      for (const char c : {'a', 'b', 'c'}) {
        std::string text(length, '-');
        text[i] = c;
        std::uint64_t low = 0, high = 0;
        SeededHash::loadUpTo16(text.data(), text.size(), low, high);
        seen.emplace(low, high);
      }
    }
    CAPTURE(length);
    CHECK(seen.size() == 3 * length);
  }
}
