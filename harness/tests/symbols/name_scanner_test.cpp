#include "symbols/name_scanner.hpp"

#include <doctest/doctest.h>

#include <string_view>
#include <vector>

using namespace leakgate;

TEST_CASE("the word operator, and how long its name is") {
  CHECK(operatorAt("operator()", 0));
  CHECK(operatorAt("A::operator<<", 3));
  CHECK_FALSE(operatorAt("my_operator()", 3));
  CHECK_FALSE(operatorAt("operators", 0));
  const struct {
    std::string_view text;
    std::string_view name;
  } rows[] = {
      {"operator()(int)", "operator()"},    {"operator<<<int>", "operator<<"},
      {"operator<(A)", "operator<"},        {"operator->()", "operator->"},
      {"operator<=>(A, A)", "operator<=>"}, {"operator new(unsigned long)", "operator"},
      {"operator[](int)", "operator[]"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(row.text.substr(0, operatorLength(row.text, 0)) == row.name);
  }
}

TEST_CASE("a bracket ends where it is closed, and operators are no brackets") {
  CHECK(closing("<a<b>>x", 0) == 6);
  CHECK(closing("(f<&A::operator->>)x", 0) == 19);
  CHECK(closing("<a", 0) == 2);
}

TEST_CASE("separators count outside of brackets only") {
  const std::vector<std::string_view> parts{"a", "b<c, d>", "e(f, g)"};
  CHECK(splitOutside("a, b<c, d>, e(f, g)", ", ") == parts);
  CHECK(splitOutside("a::b<c::d>::operator<", "::") ==
        std::vector<std::string_view>{"a", "b<c::d>", "operator<"});
  CHECK(splitOutside("", ", ") == std::vector<std::string_view>{""});
}
