#include "request/field_params.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "request/field_list.hpp"

namespace {

// "name=value|..." of what is read, and "!" when the rest is wrong.
std::string readAll(std::string_view text, h3::FieldParams::Begin begin = h3::FieldParams::Begin::semicolon) {
  std::string all;
  h3::FieldParams params(text, begin);
  for (;;) {
    switch (params.next()) {
      case h3::FieldParams::State::found:
        all.append(params.name()).append(params.isQuoted() ? "=\"" : "=").append(params.value()).append("|");
        break;
      case h3::FieldParams::State::end:
        return all;
      case h3::FieldParams::State::wrong:
        return all + "!";
    }
  }
}

}  // namespace

TEST_CASE("parameters: tokens and quoted strings, empty ones skipped") {
  CHECK(readAll("").empty());
  CHECK(readAll("; a=1") == "a=1|");
  CHECK(readAll(" ;a=1 ;\tb=\"x;y, \\\"z\"") == "a=1|b=\"x;y, \\\"z|");
  CHECK(readAll(";;a=1; ;") == "a=1|");
  CHECK(readAll("; a=\"\"") == "a=\"|");
  CHECK(readAll("a=1;b=2", h3::FieldParams::Begin::name) == "a=1|b=2|");
  for (const char* text : {"a=1", "; a", "; =1", "; a =1", "; a= 1", "; a=", "; a=\"x", "; a=\"x\\",
                           "; a=\"x\"y", "; a=1 b=2", "; a=b@c", "; \"a\"=1"}) {
    CAPTURE(text);
    CHECK(readAll(text).ends_with("!"));
  }
}

TEST_CASE("elements of a list: commas in quotes do not separate") {
  std::string all;
  h3::forEachQuotedElement(R"(a, "b,\",c" ;x ,, d,"e, f)",
                           [&all](std::string_view element) { all.append(element).append("|"); });
  CHECK(all == R"(a|"b,\",c" ;x|d|"e, f|)");
}
