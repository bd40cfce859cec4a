#include "static_files/entity_tag.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

using h3::TagComparison;

TEST_CASE("entity tags") {
  CHECK(h3::EntityTag(255, 16).text() == "\"ff-10\"");
  CHECK(h3::EntityTag(~std::uint64_t{0}, -1).text() == "\"ffffffffffffffff-ffffffffffffffff\"");
  CHECK(h3::EntityTag(255, 16, "br").text() == "\"ff-10-br\"");
  CHECK(h3::EntityTag(~std::uint64_t{0}, -1, "compress").text() ==
        "\"ffffffffffffffff-ffffffffffffffff-compress\"");
  const struct {
    std::string list;
    bool weak, strong;
  } cases[] = {
      {"\"a\"", true, true},      {"W/\"a\"", true, false},    {"*", true, true},
      {" * ", true, true},        {"\"b\",\"a\"", true, true}, {"\"b\" , W/\"a\"", true, false},
      {",, \"a\" ,", true, true}, {"\"b,\"a\"", false, false}, {"a", false, false},
      {"w/\"a\"", false, false},  {"\"A\"", false, false},     {"", false, false},
      {"\"", false, false},       {"W/", false, false},        {"x, \"a\"", false, false},
  };
  for (const auto& tags : cases) {
    CAPTURE(tags.list);
    CHECK(h3::listsTag(tags.list, "\"a\"", TagComparison::weak) == tags.weak);
    CHECK(h3::listsTag(tags.list, "\"a\"", TagComparison::strong) == tags.strong);
  }
}
