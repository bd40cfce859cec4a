#include "h3http/cookies.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <string_view>

using h3::findCookie;

TEST_CASE("cookies of a field") {
  struct Row {
    std::string_view field, name;
    std::optional<std::string_view> value;
  };
  const Row rows[] = {
      {"", "a", {}},
      {"", "", {}},
      {"a=1", "a", "1"},
      {"a=1; b=2", "b", "2"},
      {"a=1;b=2", "b", "2"},
      {"a=1; a=2", "a", "1"},
      {"a=", "a", ""},
      {"a= ", "a", ""},
      {"a=1", "A", {}},
      {"ab=1; b=2", "b", "2"},
      {"ab=1", "a", {}},
      {"a=b=c", "a", "b=c"},
      {"a=b=c", "b", {}},
      {" \ta\t = 1 \t;", "a", "1"},
      {"a=\"x y\"", "a", "\"x y\""},
      {"a=%20", "a", "%20"},
      {"a; b=2", "a", {}},
      {"a; b=2", "b", "2"},
      {";;; ;b=2", "b", "2"},
      {"=1; b=2", "", "1"},
      {"a=1,b=2", "a", "1,b=2"},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.field));
    CAPTURE(std::string(row.name));
    CHECK(findCookie(row.field, row.name) == row.value);
  }
}

TEST_CASE("a cookie is a view into its field") {
  const std::string field = "theme=dark; session=0123";
  CHECK(findCookie(field, "session")->data() == field.data() + field.find("0123"));
}
