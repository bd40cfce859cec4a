#include "static_files/static_path.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>

#include "h3http/arena.hpp"

TEST_CASE("paths are decoded once and never grow separators") {
  h3::Arena arena;
  const struct {
    std::string encoded;
    std::optional<std::string_view> name;
  } cases[] = {
      {"", ""},
      {"a", "a"},
      {"a/", "a/"},
      {"a/b.c", "a/b.c"},
      {"a%20b", "a b"},
      {"%2525", "%25"},
      {"%c3%a9", "\xc3\xa9"},
      {"a..b", "a..b"},
      {"a%", "a%"},
      {"/", std::nullopt},
      {"a//b", std::nullopt},
      {"..", std::nullopt},
      {"a/..", std::nullopt},
      {"a/./b", std::nullopt},
      {".a", std::nullopt},
      {"a%2fb", std::nullopt},
      {"a%5cb", std::nullopt},
      {"a\\b", std::nullopt},
      {"a%00", std::nullopt},
      {"a%1fb", std::nullopt},
      {"%2e%2e", std::nullopt},
  };
  for (const auto& path : cases) {
    CAPTURE(path.encoded);
    CHECK(h3::staticPath(path.encoded, arena) == path.name);
  }
}
